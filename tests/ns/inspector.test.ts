import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";

const options = {
  skip: skipAny(
    skipUnlessPrivileged(),
    runtime !== "deno" && "threads of Node have servers of their own, those of Bun none",
  ),
};

type Inspector = typeof import("node:inspector");

const ways: Record<string, () => unknown> = {
  "import()": async () => (await import("node:inspector")).open(0),
  "import() of a default export": async () => (await import("node:inspector")).default.open(0),
  "import() of node:inspector/promises": async () =>
    (await import("node:inspector/promises")).open(0),
  "process.getBuiltinModule()": () =>
    (process.getBuiltinModule("node:inspector") as Inspector).open(0),
  "require()": async () => {
    const { createRequire } = await import("node:module");
    return (createRequire("file:///")("node:inspector") as Inspector).open(0);
  },
  "the text of another function": () =>
    new Function("return im" + "port('node:inspector')")()
      .then(({ open }: Inspector) => open(0)),
};

for (const [way, open] of Object.entries(ways)) {
  leakChecked(`the inspector's server is refused inside, by ${way}`, options, async () => {
    const ns = NetNS.create();
    await assert.rejects(ns.do(open), { code: "ERR_NETNS_NOT_CONTAINED" });
    await ns.close();
  });
}

leakChecked("the inspector inspects the thread itself, without a server", options, async () => {
  const ns = NetNS.create();
  const result = await ns.do(async () => {
    const { Session } = await import("node:inspector/promises");
    const session = new Session();
    session.connect();
    try {
      return (await session.post("Runtime.evaluate", { expression: "6 * 7" })).result.value;
    } finally {
      session.disconnect();
    }
  });
  assert.equal(result, 42);
  await ns.close();
});
