/** The scripts that make shells complete, in those shells. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { bash, fish, zsh } from "../../src/cli/completion_scripts.ts";
import { commands, loadShown } from "../../src/cli/commands/mod.ts";
import { netns, withOwnRun } from "../helpers/command.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { runCommand } from "../helpers/runtime.ts";
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
      const [all, begun, options, pids, second, more, shells, nothing, program] = await offers(
        ...["''", "lis", "list --", "pids b", "pids blue b", "del blue b", "completion z"],
        ...["frob ''", "exec blue bas"],
      );
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

const others: [shell: string, script: string, check: string[]][] = [
  ["zsh", `autoload -Uz compinit && compinit -D\n${zsh(shown)}\nprint $_comps[netns]`, ["_netns"]],
  ["fish", `${fish(shown)}\ncomplete -C 'netns lis'`, ["list", "list-id"]],
];
for (const [shell, script, expected] of others) {
  test(
    `${shell} takes its script`,
    { skip: skipWithout({ command: shell }), timeout },
    () =>
      inTemporaryDirectory(async (directory) => {
        const file = path.join(directory, "script");
        fs.writeFileSync(file, script);
        const { stdout, stderr, exitCode } = await runCommand([shell, file]);
        assert.deepEqual([stderr, exitCode], ["", 0]);
        assert.deepEqual(stdout.trim().split("\n").map((line) => line.split("\t")[0]), expected);
      }),
  );
}
