import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const skip = skipUnlessPrivileged();
const program = new URL("../fixtures/first_netlink.ts", import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));
const closed = "ERR_NETNS_CLOSED";

/** Each way to use rtnetlink first in a process, and what comes of it. */
const uses = {
  turn: {
    settled: ["resolved", "resolved", "resolved", "resolved"],
    found: ["lo", "v0"],
    held: ["resolved"],
    isReal: true,
    left: ["lo"],
  },
  closedOption: { isLoaded: false, settled: ["resolved"], found: ["lo", "i0"] },
  close: {
    settled: [closed, "TypeError", closed, closed, closed, closed, closed, "resolved"],
    found: ["lo"],
  },
  borrowed: { settled: [closed, "resolved"], usable: true },
  window: { settled: ["resolved", "resolved", "resolved"], strays: [] },
  monitor: { first: "new", removed: "i0" },
};

for (const [use, result] of Object.entries(uses)) {
  leakChecked(`the first use of rtnetlink is as any later one: ${use}`, { skip }, async () => {
    const { stdout, stderr, exitCode } = await runScript(program, { args: [use] });
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), result);
    assert.equal(exitCode, 0);
  });
}

leakChecked(
  "a call keeps the process alive while rtnetlink is being loaded",
  { skip },
  async () => {
    const { stdout, stderr, exitCode } = await runScript(program, { args: ["alive"] });
    assert.deepEqual({ stdout, stderr, exitCode }, { stdout: "true\n", stderr: "", exitCode: 0 });
  },
);

leakChecked("a process may end while rtnetlink is being loaded", { skip }, async () => {
  const { stdout, stderr, exitCode } = await runScript(program, { args: ["exit"] });
  assert.deepEqual({ stdout, stderr, exitCode }, { stdout: "", stderr: "", exitCode: 3 });
});

/** Calls while the file of rtnetlink is away, and once it is back. */
const whileAway = `
import fs from "node:fs";
import { NetNS } from "./mod.js";
const file = fs.readdirSync(import.meta.dirname).find((name) => name.startsWith("rtnetlink-"));
const from = new URL(file, import.meta.url);
const to = new URL("away", import.meta.url);
const ns = NetNS.create();
const events = ns.monitor();
fs.renameSync(from, to);
const asked = [ns.link.list(), ns.addr.list(), ns.link.dump().next(), events.next()];
const settling = Promise.allSettled(asked).then((settled) => settled.map(({ reason }) => reason));
await ns.link.add({ kind: "ifb", name: "i0" }).catch(() => {});
const codes = (await settling).map((reason) => reason?.code);
fs.renameSync(to, from);
const found = (await ns.link.list()).length > 0;
await ns.close();
console.log(JSON.stringify({ codes, found }));
`;

leakChecked("a first use fails while the files of the library are away, and not for good", {
  skip,
}, async () => {
  const directory = path.join(root, "tests", `.library-first-use-${runtime}-${process.pid}`);
  const external = ["koffi", "bun:ffi", "node:ffi"].map((name) => `--external:${name}`);
  const form = ["--bundle", "--splitting", "--format=esm", "--platform=node"];
  const names = ["--chunk-names=[name]-[hash]", "--log-level=error", `--outdir=${directory}`];
  try {
    const esbuild = path.join(root, "node_modules/.bin/esbuild");
    execFileSync(esbuild, [path.join(root, "mod.ts"), ...form, ...external, ...names]);
    const program = path.join(directory, "program.js");
    fs.writeFileSync(program, whileAway);
    const { stdout, stderr, exitCode } = await runScript(program);
    assert.equal(stderr, "");
    // Deno reads what a program may import together with the program.
    const code = runtime === "deno" ? null : "ERR_NETNS_UNSUPPORTED";
    assert.deepEqual(JSON.parse(stdout), { codes: [code, code, code, code], found: true });
    assert.equal(exitCode, 0);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
});
