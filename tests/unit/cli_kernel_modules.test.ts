/** Where kinds of links are, by what the files of modules say. */

import assert from "node:assert/strict";
import test from "node:test";
import { availability, moduleOf } from "../../src/cli/doctor/kernel_modules.ts";

const known = {
  present: new Set(["veth", "bonding"]),
  files: new Set(["8021q", "dummy", "veth"]),
  presentAliases: new Set(["rtnl-link-ipvlan"]),
  fileAliases: new Set(["rtnl-link-vrf"]),
};

test("a kind is where its module is, by the name of that or by an alias", () => {
  const expected = {
    ...{ veth: "present", bond: "present", ipvlan: "present" },
    ...{ vlan: "loadable", dummy: "loadable", vrf: "loadable", wireguard: "missing" },
  };
  const found = Object.keys(expected).map((kind) => [kind, availability(kind, known)]);
  assert.deepEqual(Object.fromEntries(found), expected);
  assert.deepEqual(["bond", "vlan", "veth"].map(moduleOf), ["bonding", "8021q", "veth"]);
});
