/** Names may hold what moves a cursor or sets a title: a terminal gets it written out. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { netns, type Place, shellCommand, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { runCommand } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const timeout = 120_000;
const hostile = "a\x1b]0;title\x07\x1b[31m\x7f\u009b2J\u202eb\nc😀";
const written = "a\\x1b]0;title\\x07\\x1b[31m\\x7f\\u009b2J\\u202eb\\x0ac😀";

/** With which Deno clears the line that it writes as it starts. */
// deno-lint-ignore no-control-regex
const escapes = /^(\x1b\[\d*[A-Z])+/;

/** What is on the screen after a command line. */
async function inTerminal(
  command: string,
  { prefix = [], env = {} }: { prefix?: readonly string[]; env?: Record<string, string> } = {},
): Promise<string> {
  const line = [...prefix, "script", "-qec", command, "/dev/null"];
  const changes = { NO_COLOR: "", TERM: "xterm-256color", FORCE_COLOR: undefined, ...env };
  const { stdout } = await runCommand(line, { env: changes });
  return stdout.replace(escapes, "").replaceAll("\r\n", "\n");
}

leakChecked("names are written out on a terminal, and raw in a pipe", {
  skip: skipWithout({ command: "script" }),
  timeout,
}, () =>
  inTemporaryDirectory(async (dir) => {
    fs.writeFileSync(path.join(dir, hostile), "");
    const on = ["--dir", dir];
    assert.equal(
      await inTerminal(shellCommand("list", ...on)),
      `${written}\x1b[33m (stale)\x1b[39m\n`,
    );
    assert.equal(
      await inTerminal(shellCommand("list", ...on), { env: { NO_COLOR: "1" } }),
      `${written} (stale)\n`,
    );
    const table = (await inTerminal(shellCommand("list", "--long", ...on))).split("\n");
    assert.deepEqual(table[1]!.split(/ {2,}/), [written, "stale", "-", "-", "-"]);
    const title = stripVTControlCharacters(table[0]!);
    assert.equal(title.indexOf("INODE"), table[1]!.indexOf("stale"));

    const json = await inTerminal(shellCommand("list", "--json", ...on));
    assert.equal(JSON.parse(json)[0].name, hostile);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(json.replaceAll("\n", ""), /[\x00-\x1f\x7f-\x9f\u202e]/);

    const failed = await inTerminal(shellCommand("pids", hostile, ...on));
    assert.ok(failed.includes(`/${written}": `), failed);
    for (const control of ["\x1b", "\u009b", "\u202e"]) assert.ok(!failed.includes(control));

    assert.equal((await netns(["list", ...on])).stdout, `${hostile} (stale)\n`);
    assert.ok((await netns(["pids", hostile, ...on])).stderr.includes(hostile));
  }));

/** Runs a function while a process with a hostile name is in a namespace without a name. */
async function withHostileProcess(place: Place, run: (pid: string) => Promise<void>) {
  const script = "printf 'p\\033[2J' > /proc/$$/comm; echo $$; read -r _";
  const [file, ...args] = [...place.prefix, "unshare", "--net", "sh", "-c", script];
  const child = spawn(file!, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  try {
    await run(String((await once(child.stdout, "data"))[0]).trim());
  } finally {
    child.stdin.end();
    await exited;
  }
}

leakChecked("links and processes are written out in tables and pictures", {
  skip: skipAny(
    skipUnlessPrivileged(),
    skipWithout({ command: "script" }),
    skipWithout({ command: "ip" }),
    skipWithout({ command: "nsenter" }),
  ),
  timeout,
}, () =>
  withOwnRun((place) =>
    withHostileProcess(place, async (pid) => {
      await place.check("ip", "netns", "add", "blue");
      await place.check("ip", "-n", "blue", "link", "add", "l\x1b[2J", "type", "veth");
      const { prefix } = place;
      const shown = await inTerminal(shellCommand("show", "blue"), { prefix });
      assert.match(shown, /^ {2}l\\x1b\[2J +veth /m);
      for (const format of ["mermaid", "dot", "svg"]) {
        const drawn = await place.succeed("graph", "--format", format);
        assert.ok(!drawn.includes("\x1b"), "a picture is none with it, wherever it goes");
        assert.ok(drawn.includes(`[2J (pid ${pid})`), drawn);
        assert.ok(drawn.includes("[2J (veth)"));
      }
    })
  ));
