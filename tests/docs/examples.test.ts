/** The programs in examples/ do what they say, on every runtime. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };
const certificates = ["server.key", "server.pem", "ca.pem"].map((name) =>
  fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url))
);

async function output(name: string, args: readonly string[] = []): Promise<string> {
  const script = new URL(`../../examples/${name}`, import.meta.url);
  const { stdout, stderr, exitCode } = await runScript(script, { args });
  assert.deepEqual([stderr, exitCode], ["", 0], stdout);
  return stdout;
}

leakChecked("http_server.ts serves inside", options, async () => {
  assert.equal(await output("http_server.ts"), "200 hello, /inside\n");
});

leakChecked("https_server.ts serves inside", options, async () => {
  assert.equal(await output("https_server.ts", certificates), "200 hello, /inside\n");
});

leakChecked("http2_server.ts serves inside", options, async () => {
  assert.equal(await output("http2_server.ts", certificates), "200 hello, /inside\n");
});

leakChecked("audit.ts tells a stray from the thread of a handle", options, async () => {
  const [before, after] = (await output("audit.ts")).split("a thread is forgotten");
  assert.match(before!, /^ +\d+ .+ net:\[\d+\] thread of network namespace/m);
  assert.doesNotMatch(before!, /STRAY/);
  assert.match(after!, /^ +\d+ .+ net:\[\d+\] STRAY$/m);
  assert.match(after!, /^found the stray$/m);
});
