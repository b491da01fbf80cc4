import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { isNetNSError } from "../../src/errors.ts";
import type { LinkAdd } from "../../src/netlink/link/link.ts";

import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** Lets so many microtasks run. */
async function pass(microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left--) await undefined;
}

for (const where of ["another namespace", "its own namespace"]) {
  leakChecked(`a handle that is closed while it makes a link leaves none in ${where}`, {
    skip,
  }, async () => {
    const keep = NetNS.create();
    let refused = 0;
    try {
      for (let microtasks = 0; microtasks < 80; microtasks += 3) {
        const own = where === "its own namespace";
        const ns = own ? NetNS.fromFd(keep.fd) : NetNS.create();
        const options: LinkAdd = { kind: "ifb", name: "half", alias: "x", altnames: ["other"] };
        const added = ns.link.add(own ? options : { ...options, netns: keep });
        const outcome = added.then(() => undefined, (error: unknown) => error);
        await pass(microtasks);
        await ns.close();
        // What is not settled when the handle is closed would go on without it.
        const error = await Promise.race([outcome, pass(50).then(() => "still on its way")]);
        const names = (await keep.link.list()).map(({ name }) => name);
        if (error === undefined) {
          assert.ok(names.includes("half"));
          await keep.link.del("half");
        } else {
          assert.ok(isNetNSError(error), `it is ${error}`);
          assert.equal(error.code, "ERR_NETNS_CLOSED");
          assert.ok(!names.includes("half"), `left after ${microtasks} microtasks`);
          refused++;
        }
      }
      assert.ok(refused > 5, `${refused} were refused`);
    } finally {
      await keep.close();
    }
  });
}
