import assert from "node:assert/strict";
import { AF_INET, SOCK_CLOEXEC, SOCK_DGRAM } from "../../ffi/constants.ts";
import { createAnonymous } from "../../src/create.ts";
import { Namespace } from "../../src/namespace.ts";
import { errnoName, isNetNSError } from "../../src/errors.ts";
import { libc } from "../../src/libc.ts";
import { cookie, socketCookie } from "../../src/namespace_id.ts";
import { here, home, inside } from "../../src/position.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { openNamespaces } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };

/** What connecting a datagram socket to 127.0.0.1 inside gives: 0, or the name of an errno. */
function connectLoopback(namespace: Namespace): string | number {
  const { close, connect, socket } = libc();
  return inside(namespace, () => {
    const fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const address = Uint8Array.of(AF_INET, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    const result = connect(fd, address, address.byteLength);
    close(fd);
    return result < 0 ? errnoName(result) : result;
  });
}

leakChecked("a created namespace is another one, and the caller is not moved", privileged, () => {
  const created = createAnonymous({ loopback: true });
  assert.notEqual(created.inode, home().inode);
  assert.equal(whereAmI(), home().inode);
  assert.equal(here(), home());
  assert.equal(created.name, undefined);
  assert.equal(created.path, undefined);
  assert.equal(created.label, `network namespace net:[${created.inode}]`);
  created.close();
  assert.equal(whereAmI(), home().inode);
  assert.throws(() => created.fd, { code: "ERR_NETNS_CLOSED" });
});

leakChecked("creating from inside another namespace comes back to that one", privileged, () => {
  const outer = createAnonymous({ loopback: false });
  inside(outer, () => {
    const inner = createAnonymous({ loopback: false });
    assert.equal(whereAmI(), outer.inode);
    assert.notEqual(inner.inode, outer.inode);
    inner.close();
  });
  assert.equal(whereAmI(), home().inode);
  outer.close();
});

leakChecked("loopback: true brings lo up, and false leaves it down", privileged, () => {
  const [up, down] = [createAnonymous({ loopback: true }), createAnonymous({ loopback: false })];
  assert.equal(connectLoopback(up), 0);
  assert.equal(connectLoopback(down), "ENETUNREACH");
  up.close();
  down.close();
});

leakChecked("no two namespaces ever share an id, while inode numbers are used again", {
  ...privileged,
}, () => {
  const ids = new Set([cookie(home())]);
  for (let count = 1; count <= 30; count++) {
    const created = createAnonymous({ loopback: false });
    ids.add(cookie(created));
    assert.equal(cookie(created), cookie(created));
    created.close();
    assert.equal(ids.size, count + 1);
  }
});

leakChecked("sockets and the namespace give the same id", privileged, () => {
  const created = createAnonymous({ loopback: false });
  assert.equal(typeof cookie(created), "bigint");
  assert.equal(socketCookie(created), cookie(created));
  assert.notEqual(socketCookie(created), socketCookie(home()));
  created.close();
});

leakChecked("without free descriptors nothing is created, left, or moved", privileged, () => {
  const open = openNamespaces();
  for (const [free, syscall] of [[0, "open"], [1, "socket"]] as const) {
    const attempt = () =>
      withFreeDescriptors(free, () => {
        try {
          return createAnonymous({ loopback: true });
        } catch (error) {
          return error;
        }
      });
    let error = attempt();
    // Another thread of the runtime may have closed a descriptor meanwhile.
    for (let again = 0; error instanceof Namespace && again < 10; again++) {
      error.close();
      error = attempt();
    }
    assert.equal(openNamespaces(), open); // At once, not by garbage collection.
    assert.ok(isNetNSError(error), `with ${free} free descriptors`);
    assert.equal(error.code, "EMFILE");
    assert.equal(error.syscall, syscall);
    assert.match(error.hint!, /ulimit -n/);
    assert.equal(error.message, `Cannot create a network namespace: ${syscall} failed with EMFILE`);
    assert.equal(whereAmI(), home().inode);
  }
  withFreeDescriptors(2, () => createAnonymous({ loopback: true })).close();
});

leakChecked("without CAP_SYS_ADMIN creating fails with EPERM, and leaves nothing", async () => {
  await inTemporaryDirectory(async (directory) => {
    const script = new URL("../fixtures/create_unprivileged.ts", import.meta.url);
    const { stdout, stderr, exitCode } = await runScript(script, { args: [directory] });
    assert.equal(stderr, "");
    assert.deepEqual([stdout, exitCode], ["nothing left\n", 0]);
  });
});
