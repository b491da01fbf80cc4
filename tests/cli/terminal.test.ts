/** What a program that `netns exec` becomes finds of the terminal that the command was started in. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { commandFile } from "../helpers/command.ts";
import { executable, scriptArguments } from "../helpers/runtime.ts";
import { timeLimit } from "../helpers/time_limit.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "script" }),
  skipWithout({ command: "stty" }),
);

/** With which Deno clears the line that it writes as it starts. */
// deno-lint-ignore no-control-regex
const escapes = /\x1b\[\d*[A-Z]/g;

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** A terminal in which a shell script runs that may use `$NETNS`, the command. */
class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #output = "";

  constructor(script: string) {
    const command = [executable, ...scriptArguments(commandFile)].map(quote).join(" ");
    const args = ["--quiet", "--return", "--command", `netns() { ${command} "$@"; }; ${script}`];
    this.#child = spawn("script", [...args, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => this.#output += text);
    this.#ended = once(this.#child, "close");
  }

  /** Waits until something is on the screen. */
  async shows(what: RegExp): Promise<void> {
    const end = performance.now() + timeLimit(20_000);
    while (!what.test(this.#output)) {
      if (performance.now() > end || this.#child.exitCode !== null) {
        assert.match(this.#output, what);
      }
      await sleep(10);
    }
  }

  /** Types on the keyboard. */
  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /** Waits for the end; what was on the screen, and the exit code. */
  async end(): Promise<[output: string, exitCode: unknown]> {
    const [code] = await this.#ended;
    return [this.#output.replaceAll("\r\n", "\n").replace(escapes, ""), code];
  }

  /** Switches it off, whatever still runs in it. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** A test of a script in a terminal. */
function inTerminal(
  name: string,
  script: string,
  run: (terminal: Terminal) => Promise<void>,
): void {
  leakChecked(name, { skip }, async () => {
    const terminal = new Terminal(script);
    try {
      await run(terminal);
    } finally {
      await terminal.close();
    }
  });
}

const where = "exec --path /proc/self/ns/net";

inTerminal(
  "the program has the terminal, its size and its settings",
  `stty rows 33 cols 77; stty -g; netns ${where} sh -c 'tty; stty size; stty -g; test -t 0 -a -t 2'; ` +
    "echo $?; stty -g",
  async (terminal) => {
    const [output, exitCode] = await terminal.end();
    const [before, tty, size, inside, status, after] = output.trimEnd().split("\n");
    assert.match(tty!, /^\/dev\/pts\/\d+$/);
    assert.deepEqual([size, inside, status, after, exitCode], ["33 77", before, "0", before, 0]);
  },
);

inTerminal(
  "Ctrl-C interrupts the program, and the shell around it sees that",
  `trap : INT; netns ${where} sh -c 'echo ready; exec sleep 600'; echo "status $?"`,
  async (terminal) => {
    await terminal.shows(/ready/);
    terminal.type("\x03");
    const [output] = await terminal.end();
    assert.match(output, /\^Cstatus 130\n/);
  },
);

inTerminal(
  "a shell inside is interactive: it has job control and sees the window change",
  `netns ${where} env -i PATH="$PATH" PS1='> ' TERM=dumb bash --norc --noprofile -i; echo "status $?"`,
  async (terminal) => {
    await terminal.shows(/> $/);
    terminal.type("sh -c 'echo star\"\"ted; exec sleep 600'\n");
    await terminal.shows(/started/);
    terminal.type("\x1a");
    await terminal.shows(/Stopped/);
    terminal.type("kill %1; stty cols 91; echo $COLUMNS-$(stty size); (exit 5)\n");
    await terminal.shows(/-\d+ 91/);
    terminal.type("sh -c 'trap \"echo chan\"ged WINCH; stty rows 44; :'\n");
    await terminal.shows(/changed/);
    terminal.type("exit 6\n");
    const [output, exitCode] = await terminal.end();
    assert.match(output, /\nstatus 6\n/);
    assert.equal(exitCode, 0);
  },
);
