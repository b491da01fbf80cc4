/** What `netns doctor` says in the states that a process may be in. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { commandFile, netns } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  asOrdinaryUser,
  ordinaryUserEnvironment,
  skipUnlessReadableByUsers,
} from "../helpers/ordinary_user.ts";
import {
  type Skip,
  skipAny,
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

/** What was found: a state, and what is so, and what to do about it. */
interface Examined {
  canCreate: boolean;
  found(what: RegExp): { state: string; remedy?: string };
}

/** A test of what is found under a prefix, with the exit code that goes with it. */
function examining(
  name: string,
  skip: Skip,
  options: RunOptions,
  check: (examined: Examined) => void,
): void {
  leakChecked(name, { skip }, () =>
    inTemporaryDirectory(async (home) => {
      fs.chmodSync(home, 0o777);
      const { stdout, stderr, exitCode } = await netns(["doctor", "--json"], {
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

examining("root can do all of it", privileged, {}, ({ canCreate, found }) => {
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
