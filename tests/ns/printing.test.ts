import assert from "node:assert/strict";
import { inspect } from "node:util";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const options = { skip: skipUnlessPrivileged() };

leakChecked("a handle is inspected as its string, open and closed", options, async () => {
  const ns = NetNS.create();
  const text = `NetNS(net:[${ns.inode}])`;
  assert.equal(String(ns), text);
  assert.equal(inspect(ns), text);
  assert.equal(inspect({ ns }), `{ ns: ${text} }`);
  assert.equal(Object.prototype.toString.call(ns), "[object NetNS]");
  await ns.close();
  assert.equal(inspect(ns), text);
});

leakChecked("console.log() prints a handle as its string", async () => {
  const script = new URL("../fixtures/print_handle.ts", import.meta.url);
  const { stdout, stderr } = await runScript(script);
  const lines = stdout.replace(/\s+/g, " ").trim().split(" ");
  const [text] = lines;
  assert.match(text ?? stderr, /^NetNS\(.*\)$/);
  assert.deepEqual(lines, [text, text, "[", text, "]"]);
});
