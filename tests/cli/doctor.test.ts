/** What `netns doctor` says in the states that a process may be in. */

import assert from "node:assert/strict";
import { commandFile, netns } from "../helpers/command.ts";
import { examining, hidden, privileged } from "../helpers/examination.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { asOrdinaryUser, skipUnlessReadableByUsers } from "../helpers/ordinary_user.ts";
import {
  skipAny,
  skipOn,
  skipWithout,
  skipWithoutUserNamespaces,
} from "../helpers/requirements.ts";

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
    skipUnlessReadableByUsers(commandFile),
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
