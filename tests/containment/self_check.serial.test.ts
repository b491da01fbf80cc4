/** The suite can fail: it reports threads that are inside without what the library does there. */

import assert from "node:assert/strict";
import { runtime } from "../helpers/runtime.ts";
import { groups, has } from "./rows/mod.ts";
import { ask, placeTest, usePlace } from "./who_answered.ts";

usePlace();

placeTest("there are rows enough, and no two of a name", async () => {
  const rows = groups.flatMap(({ rows }) => rows);
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  const count = (name: "node" | "deno" | "bun") => rows.filter((row) => has(name, row)).length;
  assert.ok(count("node") >= 90 && count("bun") >= 90 && count("deno") >= 70);
  await Promise.resolve();
});

placeTest("a file of the kernel that shows the main thread's namespace is reported", async () => {
  const name = "fs.readFileSync, /proc/self/net/tcp";
  const results = await ask([{ name, temperature: "cold", how: "raw" }]);
  assert.deepEqual(results.map(({ problems }) => problems), [["inside: home"]]);
});

placeTest("an API that throws is reported", async () => {
  const results = await ask([{ name: "no such row", temperature: "cold" }]);
  assert.match(
    results[0]!.problems.join("\n"),
    /^inside: TypeError.*\n(.*\n)*at home, after: TypeError/,
  );
});

// Threads of Deno share no pool.
if (runtime !== "deno") {
  placeTest("a look-up at home from inside is reported", async () => {
    const results = await ask([{ name: "dns.lookup", temperature: "warm", how: "raw" }]);
    assert.deepEqual(results.map(({ problems }) => problems), [["inside: home"]]);
  });

  placeTest("a look-up inside from home is reported", async () => {
    const results = await ask([{ name: "dns.lookup", temperature: "cold", how: "raw" }]);
    assert.deepEqual(results.map(({ problems }) => problems), [["at home, after: ns"]]);
  });
}
