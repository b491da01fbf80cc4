/** What `netns doctor` says in the states that a process may be in. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { netns } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  asOrdinaryUser,
  ordinaryUserEnvironment,
  skipUnlessReadableByUsers,
} from "../helpers/ordinary_user.ts";
import {
  type Skip,
  skipAny,
  skipIf,
  skipOn,
  skipUnlessPrivileged,
  skipWithout,
  skipWithoutUserNamespaces,
} from "../helpers/requirements.ts";
import type { RunOptions } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const privileged = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "setpriv" }),
  skipWithout({ command: "unshare" }),
);
/** Skips where a command fails. */
function skipUnlessRuns([program, ...args]: readonly string[]): Skip {
  const { status, stderr, error } = spawnSync(program!, [...args, "true"], { encoding: "utf8" });
  return skipIf(status !== 0, `cannot be set up: ${error?.message ?? stderr.trim()}`);
}

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** What was found: a state, and what is so, and what to do about it. */
interface Examined {
  canCreate: boolean;
  found(what: RegExp): { state: string; what: string; remedy?: string };
}

/** A test of what is found under a prefix, with the exit code that goes with it. */
function examining(
  name: string,
  skip: Skip,
  { doctor = [], ...options }: RunOptions & { doctor?: string[] },
  check: (examined: Examined) => void,
): void {
  leakChecked(name, { skip }, () =>
    inTemporaryDirectory(async (home) => {
      fs.chmodSync(home, 0o777);
      const { stdout, stderr, exitCode } = await netns(["doctor", "--json", ...doctor], {
        ...options,
        env: ordinaryUserEnvironment(home),
      });
      assert.equal(stderr, "");
      const { canCreate, findings } = JSON.parse(stdout);
      assert.equal(exitCode, canCreate ? 0 : 1);
      check({
        canCreate,
        found(what) {
          const finding = findings.find((one: { what: string }) => what.test(one.what));
          assert.ok(finding, `${what} is not among ${stdout}`);
          return finding;
        },
      });
    }));
}

const hidden = (
  script: string,
) => ["unshare", "--mount", "sh", "-c", `${script} && exec "$@"`, "sh"];
const refuses = /^Cannot create a network namespace: unshare failed with/;

examining("root can do all of it", privileged, { doctor: ["--try"] }, ({ canCreate, found }) => {
  assert.equal(canCreate, true);
  for (
    const what of [/^CAP_SYS_ADMIN/, /^CAP_NET_ADMIN/, /can be created/, /parameters .* can be/]
  ) {
    assert.equal(found(what).state, "ok");
  }
  assert.match(JSON.stringify(found(/^kinds of links: /)), /veth bridge/);
});

examining(
  "without capabilities it names them",
  privileged,
  { prefix: ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"] },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(/has no CAP_SYS_ADMIN/).remedy!, /--cap-add SYS_ADMIN/);
    assert.match(found(/has no CAP_NET_ADMIN/).remedy!, /--cap-add NET_ADMIN/);
    assert.deepEqual([found(refuses).state], ["failed"]);
  },
);

examining(
  "without CAP_NET_ADMIN namespaces can be created, and it says what cannot be done in them",
  privileged,
  {
    prefix: ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", "--"],
    doctor: ["--try"],
  },
  ({ canCreate, found }) => {
    assert.equal(canCreate, true);
    assert.equal(found(/^CAP_SYS_ADMIN/).state, "ok");
    assert.equal(
      found(/has no CAP_NET_ADMIN: in no namespace can lo be brought up/).state,
      "warning",
    );
    assert.match(found(/^kinds of links cannot be tried/).remedy!, /netns rootless/);
  },
);

examining(
  "an ordinary user is told of netns rootless",
  skipAny(
    skipUnlessReadableByUsers(main),
    skipWithout({ command: "unshare" }),
    skipWithoutUserNamespaces(asOrdinaryUser),
  ),
  { prefix: asOrdinaryUser },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(refuses).remedy!, /netns rootless/);
    assert.equal(found(/`netns rootless` works/).state, "ok");
    assert.match(found(/parameters .* cannot be written .*EACCES/).remedy!, /netns rootless/);
  },
);

examining(
  "a limit of 0 is named, with the sysctl that raises it",
  skipAny(privileged, skipWithoutUserNamespaces()),
  {
    prefix: [
      ...["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c"],
      'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"',
      "sh",
    ],
  },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.equal(found(/user\.max_net_namespaces is 0/).state, "failed");
    assert.match(found(/unshare failed with ENOSPC/).remedy!, /max_net_namespaces/);
    assert.equal(found(/is in a user namespace/).state, "ok");
  },
);

examining(
  "a limit that is reached is named, with what it is",
  skipAny(privileged, skipWithoutUserNamespaces()),
  {
    prefix: [
      ...["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c"],
      'echo 1 > /proc/sys/user/max_net_namespaces && exec "$@"',
      "sh",
    ],
  },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(/unshare failed with ENOSPC/).remedy!, /^user\.max_net_namespaces is 1, /);
  },
);

examining(
  "read-only parameters, as containers have them",
  privileged,
  {
    prefix: hidden("mount --bind -o ro /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"),
  },
  ({ canCreate, found }) => {
    assert.equal(canCreate, true);
    assert.match(found(/parameters .* cannot be written .*EROFS/).remedy!, /read-only/);
  },
);

examining(
  "a user namespace in a foreign network namespace is one to which threads cannot come back",
  skipAny(privileged, skipWithoutUserNamespaces()),
  { prefix: ["unshare", "--user", "--map-root-user", "--"] },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(/could not come back/).remedy!, /unshare -Urn/);
  },
);

examining(
  "a private /run/netns with stale names",
  privileged,
  {
    prefix: hidden(
      "mount -t tmpfs tmpfs /run && mkdir /run/netns && mount --bind /run/netns /run/netns && " +
        "mount --make-private /run/netns && touch /run/netns/old && sleep 5.1",
    ),
  },
  ({ found }) => {
    assert.match(found(/\/run\/netns is a private mount/).remedy!, /rslave/);
    assert.match(found(/^Cannot prune "\/run\/netns"/).remedy!, /rslave/);
  },
);

const emptyRun = "mount -t tmpfs tmpfs /run";
const cannotName: [state: string, script: string, found: RegExp, remedy: RegExp][] = [
  ["a file", "touch /run/netns", /netns: it is no directory$/, /make it a directory/],
  ["a link to nothing", "ln -s nothing /run/netns", /it is a symbolic link to/, /--dir/],
  [
    "read-only",
    "mkdir /run/netns && mount -o remount,ro /run",
    /in \/run\/netns: EROFS/,
    /mount it writable/,
  ],
  ["to be made where it is read-only", "mount -o remount,ro /run", /netns: EROFS/, /writable/],
  [
    "on a full file system",
    "mount -t tmpfs -o nr_inodes=2 tmpfs /run && mkdir /run/netns",
    /netns: ENOSPC/,
    /df -i/,
  ],
];
for (const [state, script, what, remedy] of cannotName) {
  examining(
    `/run/netns is ${state}`,
    privileged,
    { prefix: hidden(`${emptyRun} && ${script}`) },
    ({ canCreate, found }) => {
      assert.equal(canCreate, true);
      const finding = found(what);
      assert.equal(finding.state, "failed");
      assert.match(finding.remedy!, remedy);
    },
  );
}

const shared = `${emptyRun} && mkdir /run/names && mount --bind /run/names /run/names && ` +
  "mount --make-shared /run/names && ln -s names /run/link";
for (const dir of ["/run/names/", "/run/link//"]) {
  examining(
    `the mount of ${dir} is that of the directory which it leads to`,
    privileged,
    { prefix: hidden(shared), doctor: ["--dir", dir] },
    ({ found }) => assert.equal(found(/is a shared mount/).state, "ok"),
  );
}

examining(
  "a mount under another one is not taken for that of the directory",
  privileged,
  {
    prefix: hidden(
      `${emptyRun} && mkdir /run/netns && mount --bind /run/netns /run/netns && ` +
        `mount --make-shared /run/netns && ${emptyRun} && mkdir /run/netns && ` +
        "touch /run/netns/old && sleep 5.1",
    ),
  },
  ({ found }) => {
    assert.equal(found(/\/run\/netns is no mount yet/).state, "ok");
    assert.match(found(/^Cannot prune "\/run\/netns"/).remedy!, /do not appear below "\/run"/);
  },
);

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

examining(
  "Deno without permission says which",
  skipOn(["node-koffi", "node-ffi", "bun"], "is about permissions of Deno"),
  { flags: ["--allow-env", "--allow-read", "--allow-sys"] },
  ({ canCreate, found }) => {
    assert.equal(canCreate, false);
    assert.match(found(/FFI|ffi/).remedy!, /--allow-ffi/);
  },
);

leakChecked(
  "for people it is one line each, with what to do below",
  { skip: privileged },
  async () => {
    const { stdout, stderr, exitCode } = await netns(["doctor"], {
      prefix: ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"],
    });
    assert.deepEqual([stderr, exitCode], ["", 1]);
    assert.match(stdout, /^ok +(Node|Deno|Bun) \S+, Linux /);
    assert.match(stdout, /^FAIL Cannot create .*\n {7}the process has no CAP_SYS_ADMIN/m);
    for (const line of stdout.trimEnd().split("\n")) {
      assert.match(
        line,
        /^(ok {3}|warn |FAIL | {7}\S)/,
      );
    }
  },
);
