import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  CLONE_NEWNET,
  CLONE_NEWUTS,
  MNT_DETACH,
  MS_BIND,
  NS_GET_NSTYPE,
  O_CLOEXEC,
  O_RDONLY,
} from "../../ffi/constants.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { currentNetns, mountPoints } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { adapters, failure } from "./adapters.ts";

const ownNamespace = "/proc/thread-self/ns/net";
const skip = skipUnlessPrivileged();

for (const { name, libc } of adapters()) {
  leakChecked(
    `${name}: unshare makes a namespace for this thread, setns leaves it`,
    { skip },
    () => {
      const home = currentNetns();
      const back = libc.open(ownNamespace, O_RDONLY | O_CLOEXEC, 0);
      assert.ok(back > 2);
      try {
        assert.equal(libc.unshare(CLONE_NEWNET), 0);
        assert.notEqual(currentNetns(), home);
        assert.equal(libc.setns(back, CLONE_NEWUTS), failure("EINVAL"), "of another kind");
      } finally {
        assert.equal(libc.setns(back, CLONE_NEWNET), 0);
      }
      assert.equal(currentNetns(), home);
      assert.equal(libc.close(back), 0);
      assert.equal(libc.setns(back, CLONE_NEWNET), failure("EBADF"));
    },
  );

  leakChecked(`${name}: unshare refuses flags that the kernel does not know`, () => {
    assert.equal(libc.unshare(1), failure("EINVAL"));
  });

  leakChecked(`${name}: ioctl asks a namespace for its kind`, () => {
    const fd = libc.open(ownNamespace, O_RDONLY | O_CLOEXEC, 0);
    assert.equal(libc.ioctl(fd, NS_GET_NSTYPE, null), CLONE_NEWNET);
    libc.close(fd);
  });

  leakChecked(`${name}: mount mounts, umount2 takes the mount away`, { skip }, async () => {
    await inTemporaryDirectory((directory) => {
      const target = path.join(directory, "ж mount");
      const isMounted = () => mountPoints().some((mount) => mount.path === target);
      fs.mkdirSync(target);
      assert.equal(libc.mount("none", target, "no such type", 0, null), failure("ENODEV"));
      assert.equal(libc.mount("tmpfs", target, "tmpfs", 0, null), 0);
      assert.ok(isMounted());
      fs.writeFileSync(path.join(target, "inside"), "");
      assert.equal(libc.umount2(target, 0), 0);
      assert.ok(!isMounted());
      assert.deepEqual(fs.readdirSync(target), []);
      assert.equal(libc.umount2(target, 0), failure("EINVAL"));
    });
  });

  leakChecked(
    `${name}: mount binds a namespace to a file, from where it opens`,
    { skip },
    async () => {
      await inTemporaryDirectory((directory) => {
        const target = path.join(directory, "blue");
        fs.writeFileSync(target, "");
        assert.equal(libc.mount(ownNamespace, target, "none", MS_BIND, null), 0);
        const fd = libc.open(target, O_RDONLY | O_CLOEXEC, 0);
        assert.equal(fs.statSync(`/proc/self/fd/${fd}`).ino, fs.statSync(ownNamespace).ino);
        libc.close(fd);
        assert.equal(libc.umount2(target, MNT_DETACH), 0);
        assert.equal(fs.statSync(target).size, 0);
      });
    },
  );
}
