/** What a command line means, and what `--help` tells of it. */

import assert from "node:assert/strict";
import test from "node:test";
import { type Given, UsageError } from "../../src/cli/command.ts";
import { findCommand, loadShown } from "../../src/cli/commands/mod.ts";
import { commandHelp, programHelp } from "../../src/cli/help.ts";
import { parse, splitCommand } from "../../src/cli/parse.ts";

function found(word: string): string {
  return findCommand(word).name;
}

async function given(name: string, ...args: string[]): Promise<Given> {
  return parse(await findCommand(name).load(), args);
}

const refuses = (message: RegExp) => (error: unknown) =>
  error instanceof UsageError && message.test(error.message);

test("a command is found by its name, an alias, or a beginning", () => {
  const words = {
    ...{ list: "list", ls: "list", lst: "list", del: "delete", rm: "delete", dele: "delete" },
    ...{ ex: "exec", ad: "add", at: "attach", se: "set", "rootless-init": "rootless-init" },
    ...{ root: "rootless", "list-": "list-id", pi: "pids", sh: "show", do: "doctor", pr: "prune" },
    ...{ ru: "run", g: "graph", c: "completion" },
    // What one letter is to `ip netns`.
    ...{ l: "list", s: "list", a: "add", d: "delete", i: "identify", p: "pids", e: "exec" },
    ...{ m: "monitor" },
  };
  for (const [word, name] of Object.entries(words)) assert.equal(found(word), name, word);
});

test("a beginning of several commands of ours names them, and a hidden one has none", () => {
  assert.throws(() => found("r"), refuses(/^"r" may be run or rootless$/));
  for (const word of ["frob", "rootless-", "", "LIST", "__proto__", "constructor"]) {
    assert.throws(() => found(word), refuses(/^there is no command /), word);
  }
  assert.throws(() => found("-br"), refuses(/^there is no option "-br" before a command$/));
});

test("options of ip stand before the command, too, and with one hyphen", async () => {
  assert.deepEqual(splitCommand([]), ["list", []]);
  assert.deepEqual(splitCommand(["-j"]), ["list", ["--json"]]);
  assert.deepEqual(splitCommand(["-all", "exec", "ls", "-all"]), ["exec", ["--all", "ls", "-all"]]);
  assert.deepEqual(splitCommand(["-a", "-json", "list", "-l"]), ["list", [
    "--all",
    "--json",
    "-l",
  ]]);
  assert.deepEqual(splitCommand(["constructor", "-a"]), ["constructor", ["-a"]]);
  assert.deepEqual(await given("delete", "-all"), await given("delete", "--all"));
  assert.deepEqual(await given("list", "-all", "-json"), await given("list", "--all", "--json"));
  const { options, program } = await given("exec", "-all", "find", "-all");
  assert.deepEqual([{ ...options }, program], [{ all: true }, ["find", "-all"]]);
  assert.equal((await given("list", "--dir=-all")).options.dir, "-all");
  assert.deepEqual((await given("delete", "--", "-all")).positionals, ["-all"]);
});

test("options stand before or after words, joined or apart, up to --", async () => {
  const { options, positionals } = await given(
    "delete",
    "-a",
    "x",
    "--dir=/a",
    "--if-exists",
    "--",
    "-y",
  );
  assert.deepEqual({ ...options }, { all: true, dir: "/a", "if-exists": true });
  assert.deepEqual(positionals, ["x", "-y"]);
  assert.deepEqual({ ...(await given("list", "-lja")).options }, {
    long: true,
    json: true,
    all: true,
  });
  assert.equal((await given("graph", "-fdot")).options.format, "dot");
  assert.equal((await given("list", "--dir", "x")).options.dir, "x");
});

test("a mistake on the command line is named", async () => {
  const mistakes: [command: string, args: string[], message: RegExp][] = [
    ["list", ["--frob"], /^there is no option "--frob"/],
    ["list", ["--__proto__"], /^there is no option "--__proto__"/],
    ["list", ["--no-json"], /^there is no option "--no-json"/],
    ["list", ["-jx"], /^there is no option "-x"/],
    ["add", ["-x"], /^there is no option "-x"; a name that begins so stands after "--"$/],
    ["list", ["--json=yes"], /^"--json" takes no value$/],
    ["list", ["--dir"], /^"--dir" needs a value$/],
    ["list", ["--dir", "-j"], /^"--dir" needs a value; one that .* is written --dir=-j$/],
    ["list", ["x"], /^"x" is one too many$/],
    ["add", [], /^NAME is missing$/],
    ["attach", [], /^NAME is missing$/],
    ["attach", ["a"], /^PID is missing$/],
    ["set", ["a"], /^NSID\|auto is missing$/],
    ["completion", [], /^bash\|zsh\|fish is missing$/],
    ["exec", ["blue"], /^PROGRAM is missing$/],
    ["run", ["--new"], /^FILE is missing$/],
    ["rootless", ["--"], /^PROGRAM is missing$/],
    ["rootless-init", [], /^PROGRAM is missing$/],
    ["attach", ["a", "1", "2"], /^"2" is one too many$/],
  ];
  for (const [command, args, message] of mistakes) {
    await assert.rejects(given(command, ...args), refuses(message), `${command} ${args}`);
  }
});

test("options of a program are not taken for ours", async () => {
  const cases: [line: string, words: string, options: object, program: string][] = [
    ["exec blue ls -l --all", "blue", {}, "ls -l --all"],
    ["exec blue -- ls -- -l", "blue", {}, "ls -- -l"],
    ["exec --no-mount blue ls", "blue", { "no-mount": true }, "ls"],
    ["exec -a ls -a", "", { all: true }, "ls -a"],
    ["exec --pid 7 ls 8", "", { pid: "7" }, "ls 8"],
    ["exec --name=-x ls", "", { name: "-x" }, "ls"],
    ["exec --dir /a blue ls", "blue", { dir: "/a" }, "ls"],
    ["exec -- blue ls", "", {}, "blue ls"],
    ["exec -h", "", { help: true }, ""],
    ["run -n a.ts --new", "", { new: true }, "a.ts --new"],
    ["run blue a.ts -h", "blue", {}, "a.ts -h"],
    ["rootless npm test", "", {}, "npm test"],
    ["rootless -- npm -v", "", {}, "npm -v"],
  ];
  for (const [line, words, options, program] of cases) {
    const [command, ...args] = line.split(" ") as [string, ...string[]];
    const read = await given(command, ...args);
    assert.deepEqual(
      [read.positionals.join(" "), { ...read.options }, read.program.join(" ")],
      [words, options, program],
      line,
    );
  }
});

test("--help of each command has its usage, options and an example, in 100 columns", async () => {
  const shown = await loadShown();
  const all = programHelp(shown);
  for (const command of shown) {
    const help = commandHelp(command);
    const { name, usage, example, summary, options = {} } = command;
    assert.ok(help.startsWith(`Usage: netns ${name} ${usage}`.trimEnd() + "\n"), name);
    assert.ok(help.endsWith(`\n\nExample: ${example}`), name);
    for (const option of [...Object.keys(options), "help"]) {
      assert.ok(help.includes(`--${option}`), `${name} --${option}`);
    }
    assert.ok(all.includes(`  ${name.padEnd(10)}  ${summary}\n`), name);
    for (const line of [...help.split("\n"), ...all.split("\n")]) {
      assert.ok(line.length <= 100, line);
    }
    const parsed = parse(command, ["--help"]);
    assert.equal(parsed.options.help, true);
  }
});

test("details are paragraphs, which --help breaks where a line is full", async () => {
  for (const command of await loadShown()) {
    const { name, details = "" } = command;
    for (const paragraph of details.split("\n\n")) assert.ok(!paragraph.includes("\n"), name);
    assert.ok(commandHelp(command).replaceAll("\n", " ").includes(details.replaceAll("\n", " ")));
  }
  const details = `${"word ".repeat(30)}word\n\nanother`;
  const help = commandHelp({ ...(await loadShown())[0]!, details });
  const line = "word ".repeat(20).trimEnd();
  assert.ok(help.includes(`\n\n${line}\n${"word ".repeat(11).trimEnd()}\n\nanother\n`), help);
});

test("what set prints, and what identify takes, is in their help", async () => {
  const help = async (name: string) => commandHelp(await findCommand(name).load());
  assert.match(await help("set"), /With auto the kernel chooses the id, which is printed\./);
  assert.match(await help("identify"), /\[PID\|self\][^]*with `self`, of the current one/);
});

test("an example is a command line that parses", async () => {
  for (const { name, example } of await loadShown()) {
    const line = /\bnetns ([^)]*)/.exec(example)![1]!;
    const [word, ...args] = line.split(" ");
    assert.equal(word, name);
    await given(name, ...args);
  }
});
