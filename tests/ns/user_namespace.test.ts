/** What a process is told that may not create or enter: by whom it is refused, and what helps. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { NetNS } from "../../mod.ts";
import type { Said } from "../fixtures/refused.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  skipAny,
  skipUnlessPrivileged,
  skipWithout,
  skipWithoutUserNamespaces,
} from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "setpriv" }),
  skipWithoutUserNamespaces(),
);

/** What a program says that a prefix runs, of a namespace of this user namespace. */
function refused(name: string, prefix: string[], check: (said: Said) => void): void {
  leakChecked(name, { skip }, () =>
    inTemporaryDirectory(async (dir) => {
      await NetNS.create({ name: "blue", dir }).close();
      const script = new URL("../fixtures/refused.ts", import.meta.url);
      const { stdout, stderr } = await runScript(script, {
        prefix,
        args: [path.join(dir, "blue")],
      });
      assert.equal(stderr, "");
      check(JSON.parse(stdout));
    }));
}

const withoutCapabilities = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"];
const userNamespace = ["unshare", "--user", "--map-root-user", "--"];

refused("without the capability: it is named, and how to have it", withoutCapabilities, (said) => {
  assert.match(said.create, /^the process has no CAP_SYS_ADMIN: run as root, .*netns rootless/);
  assert.equal(said.enter, said.create);
  assert.deepEqual([said.canEnter, said.current], [false, true]);
});

refused(
  "in a user namespace, a namespace outside of it cannot be entered",
  ["unshare", "--user", "--map-root-user", "--net", "--"],
  (said) => {
    assert.equal(said.create, "done");
    assert.match(said.enter, /belongs to a user namespace outside of this process's/);
    assert.deepEqual([said.canEnter, said.current], [false, true]);
  },
);

refused("a thread that could not come back does not leave", userNamespace, (said) => {
  assert.match(said.create, /make the user namespace together with a network namespace/);
  assert.equal(said.enter, said.create);
  assert.deepEqual([said.canEnter, said.current], [false, true]);
});

refused(
  "in a user namespace without the capability: that is missing there",
  [...userNamespace, ...withoutCapabilities],
  (said) => {
    assert.match(said.create, /^the process has no CAP_SYS_ADMIN in its user namespace: /);
    assert.match(said.enter, /belongs to a user namespace outside of this process's/);
    assert.deepEqual([said.canEnter, said.current], [false, true]);
  },
);

leakChecked("a namespace of a user namespace below can be entered", { skip }, async () => {
  const args = ["--user", "--map-root-user", "--net", "sh", "-c", "echo; exec cat"];
  const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  const ns = NetNS.fromPid(child.pid!);
  assert.ok(ns.canEnter());
  assert.equal(ns.doSync(whereAmI), ns.inode);
  await ns.close();
  assert.throws(() => ns.canEnter(), { code: "ERR_NETNS_CLOSED" });
  child.stdin.end();
  await ended;
});
