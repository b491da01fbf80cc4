/** What fingers know of `ip netns`: beginnings of commands, options before them, words of list-id. */

import assert from "node:assert/strict";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { type Place, withoutPassersBy, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import type { Outcome } from "../helpers/runtime.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "nsenter" }),
  skipWithout({ command: "timeout" }),
);

/** What a command line did: whether it worked, what it printed in whatever order, which names are left. */
async function effect(place: Place, { exitCode, stdout }: Outcome) {
  const names = (await place.check("ls", "/run/netns")).split("\n");
  return { worked: exitCode === 0, lines: stdout.split("\n").sort(), names };
}

leakChecked(
  "each beginning of a command does what it does for ip netns",
  { skip, timeout: 240_000 },
  () =>
    withOwnRun((theirs) =>
      withOwnRun(async (ours) => {
        for (const place of [theirs, ours]) await place.check("ip", "netns", "add", "blue");
        const ownPid = String((await ours.check("sh", "-c", "echo $PPID")).trim());
        // Each changes the state for the next; none is the same as that of another command.
        const lines = [
          ...["", "l", "li", "lst", "s", "a one", "ad two", "add three", `at four ${ownPid}`],
          ...[`att five ${ownPid}`, "d one", "de two", "del three", "dele five", `i ${ownPid}`],
          ...[`id ${ownPid}`, "p blue", "pi blue", "e blue echo hello", "ex blue echo hello"],
          ...["se blue", "x", "del four", "ls"],
        ];
        for (const line of lines) {
          const args = line.split(" ").filter(Boolean);
          const [expected, actual] = await withoutPassersBy(
            () =>
              Promise.all([
                theirs.run("ip", "netns", ...args).then((outcome) => effect(theirs, outcome)),
                ours.netns(...args).then((outcome) => effect(ours, outcome)),
              ]),
            ([expected, actual]) => !/^pi? /.test(line) || isDeepStrictEqual(actual, expected),
          );
          assert.deepEqual(actual, expected, `netns ${line}`);
        }
        const monitor = await ours.run("timeout", "2", "ip", "netns", "m");
        assert.equal(monitor.exitCode, 124);
      })
    ),
);

leakChecked(
  "options of ip stand before the command",
  { skip, timeout: 120_000 },
  () =>
    withOwnRun(async (place) => {
      for (const name of ["blue", "green"]) await place.check("ip", "netns", "add", name);
      assert.equal(await place.succeed("-j"), await place.succeed("list", "--json"));
      assert.deepEqual(
        JSON.parse(await place.succeed("-json", "l")).map(({ name }: { name: string }) => name),
        ["blue", "green"],
      );
      const expected = await place.check("ip", "-all", "netns", "exec", "echo", "-all");
      const sections = (text: string) => text.split(/\n(?=netns: )/).sort();
      const printed = await place.succeed("-all", "exec", "echo", "-all");
      assert.deepEqual(sections(printed), sections(expected));
      assert.equal(await place.succeed("exec", "-all", "--", "echo", "-all"), printed);
      const refused = await place.netns("-n", "blue", "list");
      assert.deepEqual([refused.exitCode, refused.stdout], [2, ""]);
      assert.match(refused.stderr, /there is no option "-n" before a command/);
      await place.succeed("-all", "delete");
      assert.equal(await place.check("ip", "netns", "list"), "");
    }),
);

leakChecked("list-id takes the words of ip netns, and answers alike", {
  skip,
  timeout: 240_000,
}, () =>
  withOwnRun(async (place) => {
    for (const name of ["blue", "green", "red"]) await place.check("ip", "netns", "add", name);
    // Ids of namespaces that were deleted by another test may be taken for a while.
    const green = String(1e6 + 2 * process.pid);
    const red = String(1e6 + 2 * process.pid + 1);
    await place.check("ip", "netns", "set", "green", green);
    await place.check("ip", "netns", "set", "red", red);
    await place.check("ip", "-n", "green", "netns", "set", "blue", "3");
    await place.check("ip", "-n", "green", "netns", "set", "red", "4");
    for (
      const words of [
        ...[["nsid", green], ["target-nsid", green], ["target-nsid", green, "nsid", red]],
        ...[["nsid", red, "target-nsid", green], ["target-nsid", red]],
      ]
    ) {
      const line = words.join(" ");
      const theirs = await place.run("ip", "netns", "list-id", ...words);
      const lines = (text: string) => text.split("\n").map((line) => line.trim()).sort();
      assert.deepEqual(lines(await place.succeed("list-id", ...words)), lines(theirs.stdout), line);
      const json = (text: string) => JSON.parse(text || "[]") as Record<string, unknown>[];
      const expected = json((await place.run("ip", "-j", "netns", "list-id", ...words)).stdout);
      for (const entry of expected) {
        if (typeof entry["current-nsid"] !== "number") delete entry["current-nsid"];
      }
      const sorted = expected.sort((one, two) => Number(one.nsid) - Number(two.nsid));
      assert.deepEqual(json(await place.succeed("list-id", "--json", ...words)), sorted, line);
    }
    for (const word of ["nsid", "target-nsid"]) {
      const { stdout, exitCode } = await place.netns("list-id", word, "1000000");
      assert.deepEqual([stdout, exitCode], ["", 1], word);
      assert.notEqual((await place.run("ip", "netns", "list-id", word, "1000000")).exitCode, 0);
    }
    for (const words of [["nsid"], ["nsid", "x"], ["nsid", "-1"], ["frob", "1"]]) {
      assert.equal((await place.netns("list-id", "--", ...words)).exitCode, 2, words.join(" "));
    }
  }));
