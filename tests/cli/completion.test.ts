/** The scripts that make shells complete, in those shells. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { bash, fish, zsh } from "../../src/cli/completion_scripts.ts";
import { commands, loadShown } from "../../src/cli/commands/mod.ts";
import { netns, type Place, withOwnRun } from "../helpers/command.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const timeout = 120_000;
const shown = await loadShown();

/** A script that prints what bash would offer for each line, which ends where the cursor is. */
function bashProbe(lines: readonly string[]): string {
  return [
    bash(shown),
    "offer() {",
    '  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()',
    "  _netns",
    '  printf "%s\\t" "${COMPREPLY[@]}"; echo',
    "}",
    ...lines.map((line) => `offer netns ${line}`),
  ].join("\n");
}

test("the command prints the scripts", { timeout }, async () => {
  const printed = await Promise.all(["bash", "zsh", "fish"].map(async (shell) => {
    const { stdout, stderr, exitCode } = await netns(["completion", shell]);
    assert.deepEqual([stderr, exitCode], ["", 0]);
    return stdout;
  }));
  assert.deepEqual(printed, [bash, zsh, fish].map((script) => `${script(shown)}\n`));
});

test("bash completes commands, options, and names without running what they hold", {
  skip: skipAny(
    skipUnlessPrivileged(),
    skipWithout({ command: "bash" }),
    skipWithout({ command: "nsenter" }),
  ),
  timeout,
}, () =>
  withOwnRun((place) =>
    inTemporaryDirectory(async (directory) => {
      const trap = path.join(directory, "trap");
      const probe = path.join(directory, "probe");
      const offers = async (...lines: string[]) => {
        fs.writeFileSync(probe, bashProbe(lines));
        const printed = await place.check("sh", "-c", `cd ${directory} && bash --norc ${probe}`);
        return printed.split("\n").slice(0, -1).map((line) => line.split("\t").filter(Boolean));
      };
      assert.deepEqual(await offers("pids x ''", "delete ''").then(([, names]) => names), [
        ...["--all", "--if-exists", "--dir", "--help"],
      ], "no names where there is no directory");

      await place.check("mkdir", "/run/netns");
      const names = ["a b", "blue", "brown", "$(touch trap)", "`id`"];
      for (const name of names) await place.check("touch", "--", `/run/netns/${name}`);
      const [all, begun, options, pids, second, more, shells, nothing, program, ...others] =
        await offers(
          ...["''", "lis", "list --", "pids b", "pids blue b", "del blue b", "completion z"],
          ...[
            "frob ''",
            "exec blue bas",
            "exec blue -- bas",
            "exec --pid 1 bas",
            "rootless bas",
            "rootless -- bas",
          ],
          ...["graph --format s", "list --dir ''", "exec --pid ''", "add b"],
        );
      for (const programs of others.splice(0, 4)) assert.ok(programs.includes("bash"));
      assert.deepEqual(others, [["svg"], [], [], []]);
      const words = commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
      assert.deepEqual(all, [...words, "--help", "--version"]);
      assert.deepEqual(begun, ["list", "list-id"]);
      assert.deepEqual(options, ["--long", "--all", "--json", "--dir", "--help"]);
      assert.deepEqual(pids, ["blue", "brown"]);
      assert.deepEqual(second, []);
      assert.deepEqual(more, ["blue", "brown"]);
      assert.deepEqual(shells, ["zsh"]);
      assert.deepEqual(nothing, []);
      assert.ok(program!.includes("bash"));

      const [every] = await offers("exec ''");
      for (const quoted of ["a\\ b", "\\`id\\`", "\\$\\(touch"]) {
        assert.ok(every!.some((offered) => offered.startsWith(quoted)), `${quoted} of ${every}`);
      }
      assert.ok(!fs.existsSync(trap));
    })
  ));

/** What a shell offers for lines, each of which ends where the cursor is. */
type Offers = (lines: readonly string[], place: Place, directory: string) => Promise<string[][]>;

const inDirectory = (directory: string) => ["env", "--chdir", directory];

const offersOf: Record<string, Offers> = {
  async fish(lines, place, directory) {
    const script = path.join(directory, "netns.fish");
    const probe = lines.map((line) => `complete -C 'netns ${line}'; echo END`);
    fs.writeFileSync(script, [fish(shown), ...probe].join("\n"));
    const printed = await place.check(...inDirectory(directory), "fish", "--no-config", script);
    return printed.split("END\n").slice(0, -1).map((offered) =>
      offered.split("\n").filter(Boolean).map((line) => line.split("\t")[0]!)
    );
  },
  async zsh(lines, place, directory) {
    const script = path.join(directory, "netns.zsh");
    const offered = path.join(directory, "offered");
    fs.writeFileSync(script, zsh(shown));
    const driver = fileURLToPath(new URL("../fixtures/zsh_offers.zsh", import.meta.url));
    const typed = lines.map((line) => `netns ${line}`);
    await place.check(...inDirectory(directory), "zsh", "-f", driver, script, offered, ...typed);
    return fs.readFileSync(offered, "utf8").split("END\n").slice(0, -1)
      .map((text) => text.split("\n").filter(Boolean));
  },
};

for (const [shell, offersIn] of Object.entries(offersOf)) {
  test(`${shell} completes commands, options, names, values and programs`, {
    skip: skipAny(
      skipUnlessPrivileged(),
      skipWithout({ command: shell }),
      skipWithout({ command: "nsenter" }),
    ),
    timeout,
  }, () =>
    withOwnRun((place) =>
      inTemporaryDirectory(async (directory) => {
        const offers = (...lines: string[]) => offersIn(lines, place, directory);
        assert.deepEqual(await offers("pids "), [[]], "no names where there is no directory");
        await place.check("mkdir", "/run/netns");
        const names = ["a b", "blue", "brown", "$(touch trap)", "`touch trap`"];
        for (const name of names) await place.check("touch", "--", `/run/netns/${name}`);
        for (const tool of ["tool-one", "tool-two"]) {
          fs.writeFileSync(path.join(directory, tool), "", { mode: 0o755 });
        }

        const words = commands.filter(({ hidden }) => !hidden).map(({ name }) => name).sort();
        const expected: [line: string, offered: string[]][] = [
          ["", words],
          ["lis", ["list", "list-id"]],
          ["list --", ["--all", "--dir", "--help", "--json", "--long"]],
          ["pids ", [...names].sort()],
          ["pids b", ["blue", "brown"]],
          ["pids blue b", []],
          ["pids list", []],
          ["delete blue b", ["blue", "brown"]],
          ["add b", []],
          ["completion ", ["bash", "fish", "zsh"]],
          ["graph --format ", ["dot", "mermaid", "svg"]],
          ["graph -f s", shell === "fish" ? ["svg"] : []],
          ["exec --no", ["--no-mount"]],
          ["exec b", ["blue", "brown"]],
          ["exec blue setpri", ["setpriv"]],
          ["exec blue -- setpri", ["setpriv"]],
          ["exec --pid 1 setpri", ["setpriv"]],
          ["rootless setpri", ["setpriv"]],
          ["rootless -- setpri", ["setpriv"]],
          [`exec blue cat ${directory}/tool-o`, [`${directory}/tool-one`]],
          [`run blue ${directory}/tool-o`, [`${directory}/tool-one`]],
        ];
        const found = await offers(...expected.map(([line]) => line));
        for (const [index, [line, offered]] of expected.entries()) {
          // zsh tells the last part of a path.
          const parts = offered.map((one) => shell === "zsh" ? path.basename(one) : one);
          assert.deepEqual([...new Set(found[index])].sort(), parts, line);
        }
        assert.ok(!fs.existsSync(path.join(directory, "trap")));
      })
    ));
}
