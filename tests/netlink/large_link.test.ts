import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

/** Alternative names of one link that are more than a receive buffer holds. */
const altnames = Array.from({ length: 300 }, (_, index) => `${index}-`.padEnd(120, "x"));

leakChecked(
  "a link that is larger than the receive buffer is listed, and those behind it",
  { skip: skipUnlessPrivileged() },
  async () => {
    const ns = NetNS.create();
    try {
      await ns.link.add({ kind: "ifb", name: "large" });
      for (let count = 25; count <= altnames.length; count += 25) {
        await ns.link.set("large", { altnames: altnames.slice(0, count) });
      }
      await ns.link.add({ kind: "ifb", name: "behind" });
      for (const stats of [true, false]) {
        const links = await ns.link.list({ stats });
        assert.deepEqual(links.map(({ name }) => name), ["lo", "large", "behind"]);
        assert.equal(links[1]!.altnames!.length, 300);
      }
      assert.equal((await ns.link.get(altnames[299]!)).name, "large");
    } finally {
      await ns.close();
    }
  },
);
