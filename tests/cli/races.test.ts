/** Many that add and delete at once, with `netns` and with `ip netns`. */

import assert from "node:assert/strict";
import { type Place, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import type { Outcome } from "../helpers/runtime.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "nsenter" }),
);

/** `netns` for even numbers, `ip netns` for odd ones. */
function either(place: Place, index: number, ...args: string[]): Promise<Outcome> {
  return index % 2 === 0 ? place.netns(...args) : place.run("ip", "netns", ...args);
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** What `ip netns` and `netns` list, which must be usable and mounted once. */
async function names(place: Place): Promise<string[]> {
  const entries: { name: string; stale?: true }[] = JSON.parse(
    await place.succeed("list", "--json"),
  );
  assert.deepEqual(entries.filter(({ stale }) => stale), []);
  const found = entries.map(({ name }) => name);
  const listed = await place.check("ip", "netns", "list");
  assert.deepEqual(listed.split("\n").filter(Boolean).sort(), found);
  // Mounts of the machine's own /run/netns may be there too, out of sight.
  const mounts = (await place.check("cat", "/proc/self/mountinfo")).split("\n")
    .map((line) => line.split(" ").slice(3, 5));
  const directories = mounts.filter(([root, point]) => root === "/netns" && point === "/run/netns");
  assert.equal(directories.length, 1);
  for (const name of found) {
    assert.equal(mounts.filter(([, point]) => point === `/run/netns/${name}`).length, 1, name);
  }
  return found;
}

leakChecked(
  "of 24 that add and delete in a new directory none loses a name or leaves half of one",
  { skip, timeout: 240_000 },
  () =>
    withOwnRun(async (place) => {
      const added = await Promise.all(
        numbers(0, 24).map((index) => either(place, index, "add", `n${index}`)),
      );
      for (const { stderr, exitCode } of added) assert.deepEqual([stderr, exitCode], ["", 0]);
      assert.equal((await names(place)).length, 24);

      // What one kind made the other kind deletes, while names are added.
      const changed = await Promise.all(
        numbers(0, 24).map((index) =>
          index < 12
            ? either(place, index + 1, "delete", `n${index}`)
            : either(place, index, "add", `m${index}`)
        ),
      );
      for (const { stderr, exitCode } of changed) assert.deepEqual([stderr, exitCode], ["", 0]);
      const left = [...numbers(12, 24).map((n) => `m${n}`), ...numbers(12, 24).map((n) => `n${n}`)];
      assert.deepEqual(await names(place), left);
    }),
);

leakChecked(
  "of 8 that add one name one does, and of 8 that delete it one does",
  { skip, timeout: 240_000 },
  () =>
    withOwnRun(async (place) => {
      const added = await Promise.all(
        numbers(0, 8).map((index) => either(place, index, "add", "blue")),
      );
      assert.equal(added.filter(({ exitCode }) => exitCode === 0).length, 1);
      assert.deepEqual(await names(place), ["blue"]);
      await place.check("ip", "-n", "blue", "link", "set", "lo", "up");

      const deleted = await Promise.all(numbers(0, 8).map(() => place.netns("delete", "blue")));
      assert.equal(deleted.filter(({ exitCode }) => exitCode === 0).length, 1);
      for (const { exitCode, stderr } of deleted) {
        if (exitCode !== 0) assert.match(stderr, /there is no such name/);
      }
      assert.deepEqual(await names(place), []);
    }),
);
