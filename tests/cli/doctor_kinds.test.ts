/** What `netns doctor` says of the kinds of links. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { examining, hidden, privileged } from "../helpers/examination.ts";
import { type Skip, skipAny, skipIf } from "../helpers/requirements.ts";

/** Skips where a command fails. */
function skipUnlessRuns([program, ...args]: readonly string[]): Skip {
  const { status, stderr, error } = spawnSync(program!, [...args, "true"], { encoding: "utf8" });
  return skipIf(status !== 0, `cannot be set up: ${error?.message ?? stderr.trim()}`);
}

/** Files of modules by which the kernel has kinds that it may not have, and has not what it has. */
const modules = 'd=/lib/modules/$(uname -r) && mkdir -p "$d" && cd "$d" && ' +
  "echo kernel/drivers/net/wireguard/wireguard.ko > modules.builtin && " +
  "printf 'x.license=GPL\\0y.alias=rtnl-link-ipvlan\\0' > modules.builtin.modinfo && " +
  "printf 'kernel/net/8021q/8021q.ko.xz: a/b.ko.xz\\nkernel/drivers/net/dummy.ko:\\n' > modules.dep && " +
  "echo 'alias rtnl-link-vrf other_name' > modules.alias && cd /";
const overLibraries = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && " +
  "mount -t overlay overlay -o lowerdir=/usr/lib,upperdir=/mnt/upper,workdir=/mnt/work /usr/lib && " +
  `mount -t tmpfs tmpfs /mnt && rm -rf /lib/modules && ${modules}`;
examining(
  "kinds of links are looked up in the files of modules, and none is tried",
  skipAny(privileged, skipUnlessRuns(hidden(overLibraries))),
  { prefix: hidden(overLibraries) },
  ({ found }) => {
    const kinds = (what: RegExp) => found(what).what.split(": ")[1];
    assert.match(kinds(/^kinds of links: /)!, /ipvlan.* wireguard$/);
    assert.match(kinds(/with modules that the kernel loads: /)!, /^(veth bridge )?dummy vlan vrf$/);
    assert.match(kinds(/this kernel does not have: /)!, /ifb.*vxlan/);
  },
);
