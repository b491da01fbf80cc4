/** What `netns doctor` says where no user namespaces are to be had. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { examining, hidden, privileged } from "../helpers/examination.ts";
import { skipAny, skipWithout } from "../helpers/requirements.ts";

/** A program `unshare` that fails, which is found before the real one. */
const failing = (message: string) =>
  "mount -t tmpfs tmpfs /mnt && printf '%s\\n' '#!/bin/sh' " +
  `'echo "unshare: ${message}" >&2; exit 1' > /mnt/unshare && chmod 755 /mnt/unshare && ` +
  "export PATH=/mnt:$PATH";
const noKernelParameters = "mount -t tmpfs tmpfs /proc/sys/kernel";
const notPermitted = "unshare failed: Operation not permitted";
const refusals: [name: string, script: string, what: RegExp, remedy: RegExp][] = [
  [
    "a limit of 0",
    `${failing("unshare failed: No space left on device")} && echo 0 > /mnt/zero && ` +
    "mount --bind /mnt/zero /proc/sys/user/max_user_namespaces",
    /No space left on device: user\.max_user_namespaces is 0$/,
    /^sysctl -w user\.max_user_namespaces=/,
  ],
  [
    "a limit that is reached",
    failing("unshare failed: No space left on device"),
    /a limit is reached/,
    /namespaces\(7\)/,
  ],
  [
    "AppArmor",
    `${failing("write failed /proc/self/uid_map: Operation not permitted")} && ` +
    `${noKernelParameters} && echo 1 > /proc/sys/kernel/apparmor_restrict_unprivileged_userns`,
    /uid_map: .*: kernel\.apparmor_restrict_unprivileged_userns is 1$/,
    /AppArmor profile/,
  ],
  [
    "a parameter of Debian",
    `${failing(notPermitted)} && ` +
    `${noKernelParameters} && echo 0 > /proc/sys/kernel/unprivileged_userns_clone`,
    /kernel\.unprivileged_userns_clone is 0$/,
    /unprivileged_userns_clone=1/,
  ],
  [
    "something else",
    failing(notPermitted),
    /not permitted: the kernel or a security module refuses$/,
    /dmesg/,
  ],
  [
    "a missing program",
    failing(notPermitted) + " && PATH=/mnt",
    /setpriv cannot be run/,
    /util-linux/,
  ],
];
for (const [name, script, what, remedy] of refusals) {
  examining(
    `why there are no user namespaces: ${name}`,
    privileged,
    { prefix: hidden(script) },
    ({ found }) => {
      const finding = found(/`netns rootless` does not work for ordinary users: /);
      assert.equal(finding.state, "warning");
      assert.match(finding.what, what);
      assert.match(finding.remedy!, remedy);
    },
  );
}

const refuses = /^Cannot create a network namespace: unshare failed with/;
const filter = fileURLToPath(new URL("../fixtures/refuse_unshare.py", import.meta.url));
examining(
  "a filter of system calls is named",
  skipAny(privileged, skipWithout({ command: "python3" })),
  { prefix: ["python3", filter] },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(refuses).remedy!, /seccomp=unconfined/);
    assert.match(found(/`netns rootless` does not work.*\(seccomp\) is on/).remedy!, /seccomp/);
  },
);
