import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";

type Call = (options: never) => unknown;

/** Each way to give options, those that it takes, and what else must be given. */
const calls: [call: Call, names: string[], given?: object][] = [
  [(options) => NetNS.create(options), ["name", "loopback", "owner", "exist", "dns"]],
  [(options) => NetNS.create(options), ["dir"], { name: "wrong" }],
  [(options) => NetNS.pool(options), ["loopback", "dns"], { size: 1 }],
  [(options) => NetNS.fromName("wrong", options), ["dir", "dns"]],
  [(options) => NetNS.fromPath("/proc/self/ns/net", options), ["dns"]],
  [(options) => NetNS.fromContainer("wrong", options), ["engine", "socketPath", "signal", "dns"]],
  [(options) => NetNS.list(options), ["dir", "all"]],
  [(options) => NetNS.watch(options), ["dir", "signal"]],
  [(options) => NetNS.delete("wrong", options), ["dir", "ifExists"]],
  [(options) => NetNS.prune(options), ["dir", "dryRun"]],
  [(options) => NetNS.identify(1, options), ["dir"]],
  [(options) => NetNS.home().pin("wrong", options), ["dir"]],
];

leakChecked("what is wrong with an option is told by the name of the option", async () => {
  for (const [call, names, given = {}] of calls) {
    for (const value of [5, null]) {
      for (const name of names) {
        await assert.rejects(async () => await call({ ...given, [name]: value } as never), {
          name: "TypeError",
          message: new RegExp(`^options\\.${name} must be .*: current value is ${value}$`),
        });
      }
      await assert.rejects(async () => await call(value as never), {
        name: "TypeError",
        message: `options must be an object: current value is ${value}`,
      });
    }
  }
});

leakChecked("what is wrong with an argument is told by its name", () => {
  for (const call of [NetNS.fromName, NetNS.delete]) {
    assert.throws(() => call(5 as never), {
      name: "TypeError",
      message: "name must be a string: current value is 5",
    });
  }
});
