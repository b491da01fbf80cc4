/** Exit codes, where text goes, and how it looks, of the command as it is started. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { stripVTControlCharacters } from "node:util";
import { version } from "../../src/cli/version.ts";
import { netns, shellCommand } from "../helpers/command.ts";
import { skipWithout } from "../helpers/requirements.ts";
import { type Outcome, runCommand } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const timeout = 120_000;

test("wrong usage is 2, and says on stderr what is right", { timeout }, async () => {
  const mistakes: [args: string[], message: string][] = [
    [["frob"], 'there is no command "frob"\nTry `netns --help`\n'],
    [["-br", "list"], 'there is no option "-br" before a command\nTry `netns --help`\n'],
    [["add"], "NAME is missing\nUsage: netns add NAME\nTry `netns add --help`\n"],
    [
      ["add", "--", "-x"],
      'Cannot use "-x" as the name of a network namespace: it starts with "-"\n',
    ],
    [
      ["list", "--dir", ""],
      '--dir must be a non-empty, well-formed string without NUL: current value is ""\n',
    ],
    [
      ["identify", "self2"],
      '"self2" is no process id\nUsage: netns identify [PID|self]\nTry `netns identify --help`\n',
    ],
    [
      ["delete", "x", "--all"],
      "name what to delete, or give --all\nUsage: netns delete NAME... | --all\nTry `netns delete --help`\n",
    ],
  ];
  await Promise.all(mistakes.map(async ([args, message]) => {
    const expected = { stdout: "", stderr: `netns: ${message}`, exitCode: 2, signal: null };
    assert.deepEqual(await netns(args), expected, args.join(" "));
  }));
});

test("failure is 1 with a hint, help and version are 0", { timeout }, async () => {
  const dir = "/run/no such directory";
  const [missing, help, ofCommand, printed, short] = await Promise.all([
    netns(["pids", "blue", "--dir", dir]),
    netns(["--help"]),
    netns(["help", "exec"]),
    netns(["--version"]),
    netns(["h"]),
  ]) as [Outcome, Outcome, Outcome, Outcome, Outcome];
  assert.equal(missing.exitCode, 1);
  assert.equal(missing.stdout, "");
  assert.match(missing.stderr, /^netns: Cannot open .*such directory\/blue": .*\n {2}hint: .*\n$/);
  assert.deepEqual([help.exitCode, help.stderr], [0, ""]);
  assert.match(help.stdout, /^Usage: netns \[COMMAND\].*\n {2}doctor /s);
  assert.match(ofCommand.stdout, /^Usage: netns exec .*\nExample: netns exec .*\n$/s);
  assert.deepEqual([printed.exitCode, printed.stdout], [0, `${version}\n`]);
  assert.match(help.stdout, /\nExit codes: .*exec, run and rootless: those of the\sprogram/);
  assert.deepEqual(short, help);
});

test("no name is recommended in place of a path or a process", { timeout }, async () => {
  const nobody = String(2 ** 22 + 1);
  const missing: [args: string[], message: string][] = [
    [
      ["exec", "--path", "/nonexistent", "true"],
      'Cannot open network namespace "/nonexistent": there is no such file',
    ],
    [
      ["identify", nobody],
      `Cannot open the network namespace of process ${nobody}: there is no such process`,
    ],
  ];
  await Promise.all(missing.map(async ([args, message]) => {
    const expected = { stdout: "", stderr: `netns: ${message}\n`, exitCode: 1, signal: null };
    assert.deepEqual(await netns(args), expected, args.join(" "));
  }));
});

test("a missing name is told by every command in the same words", { timeout }, async () => {
  const dir = "/run/no such directory";
  const commands = [["exec"], ["pids"], ["show"], ["set"], ["delete"]];
  await Promise.all(commands.map(async ([command]) => {
    const rest = command === "exec" ? ["true"] : command === "set" ? ["7"] : [];
    const outcome = await netns([command!, "--dir", dir, "blue", ...rest]);
    assert.match(
      outcome.stderr,
      /^netns: Cannot (open|delete) network namespace ".*\/blue": there is no such name\n {2}hint: `netns list --all` shows what there is\n$/,
      command,
    );
    assert.deepEqual([outcome.stdout, outcome.exitCode], ["", 1]);
  }));
});

test("a reader that has enough is no error", { timeout }, async () => {
  const script = `set -o pipefail; ${shellCommand("--help")} | head -0`;
  const { stdout, stderr, exitCode } = await runCommand(["bash", "-c", script]);
  assert.deepEqual([stdout, stderr, exitCode], ["", "", 0]);
});

test("output that cannot be written is a failure, without a stack", { timeout }, async () => {
  const script = `${shellCommand("--help")} > /dev/full`;
  const { stderr, exitCode } = await runCommand(["bash", "-c", script]);
  assert.match(stderr, /^netns: cannot write the output: .*\n$/);
  assert.equal(exitCode, 1);
});

test("colours are for terminals, and not where NO_COLOR is set", {
  skip: skipWithout({ command: "script" }),
  timeout,
}, () =>
  inTemporaryDirectory(async (dir) => {
    fs.writeFileSync(path.join(dir, "a rather long name"), "");
    const command = shellCommand("list", "--long", "--dir", dir);
    const colours = { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: "xterm-256color" };
    const inTerminal = async (changes: Record<string, string | undefined>, line = command) => {
      const env = { ...colours, ...changes };
      return (await runCommand(["script", "-qec", line, "/dev/null"], { env })).stdout;
    };
    const [coloured, plain, empty, json, piped] = await Promise.all([
      inTerminal({}),
      inTerminal({ NO_COLOR: "1" }),
      inTerminal({ NO_COLOR: "" }),
      inTerminal({}, shellCommand("list", "--json", "--dir", dir)),
      runCommand(["sh", "-c", command], { env: colours }),
    ]);
    const table =
      "NAME                INODE  ID  PIDS  LINKS\na rather long name  stale  -   -     -\n";
    assert.ok(coloured.startsWith("\x1b[1mNAME\x1b["));
    assert.equal(empty, coloured);
    for (const text of [coloured, plain, piped.stdout]) {
      assert.equal(stripVTControlCharacters(text).replaceAll("\r", ""), table);
    }
    assert.ok(!`${plain}${piped.stdout}${json}`.includes("\x1b"));
    assert.equal(JSON.parse(json).length, 1);
    assert.match(json, /^\[\r\n {2}\{/, "indented in a terminal");
  }));
