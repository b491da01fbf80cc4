import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { AF_INET, F_GETFD, FD_CLOEXEC, SOCK_CLOEXEC, SOCK_DGRAM } from "../../ffi/constants.ts";
import { createAnonymous } from "../../src/create.ts";
import { isNetNSError } from "../../src/errors.ts";
import { libc } from "../../src/libc.ts";
import type { Namespace } from "../../src/namespace.ts";
import {
  assertNetNS,
  isNetNS,
  openFd,
  openPath,
  openPid,
  openSocket,
  openThread,
} from "../../src/open.ts";
import { home, inside } from "../../src/position.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const privileged = { skip: skipUnlessPrivileged() };

/** A process id that no process has: larger than pid_max can be. */
const GONE = 0x7fffffff;

function closing<T>(namespace: Namespace, use: (namespace: Namespace) => T): T {
  try {
    return use(namespace);
  } finally {
    namespace.close();
  }
}

const inodeOf = (namespace: Namespace) => closing(namespace, ({ inode }) => inode);

leakChecked("openPath() opens a namespace, and the handle says how it was opened", () => {
  closing(openPath("/proc/self/ns/net"), (opened) => {
    assert.equal(opened.path, "/proc/self/ns/net");
    assert.equal(opened.inode, fs.statSync("/proc/self/ns/net").ino);
  });
});

leakChecked("a path that is not a namespace is refused when it is opened", async () => {
  await inTemporaryDirectory((directory) => {
    const file = path.join(directory, "file");
    fs.writeFileSync(file, "");
    for (const other of [file, directory, "/dev/null", "/proc/self/status"]) {
      assert.throws(() => openPath(other), {
        name: "NetNSError",
        code: "ERR_NETNS_NOT_A_NAMESPACE",
        path: other,
        message: `Cannot open network namespace "${other}": it exists but is not a namespace`,
      });
      assert.equal(isNetNS(other), false);
      assert.throws(() => assertNetNS(other), { code: "ERR_NETNS_NOT_A_NAMESPACE" });
    }
  });
});

leakChecked("a FIFO and a socket are refused, and do not block", async () => {
  await inTemporaryDirectory(async (directory) => {
    const fifo = path.join(directory, "fifo");
    assert.equal(spawnSync("mkfifo", [fifo]).status, 0);
    assert.throws(() => openPath(fifo), { code: "ERR_NETNS_NOT_A_NAMESPACE" });
    const socket = path.join(directory, "socket");
    const server = createServer().listen(socket);
    await once(server, "listening");
    assert.throws(() => openPath(socket), { code: "ERR_NETNS_NOT_A_NAMESPACE" });
    server.close();
    await once(server, "close");
  });
});

leakChecked("a namespace of another kind is refused", () => {
  for (const kind of ["mnt", "uts", "ipc", "pid", "user"]) {
    const other = `/proc/self/ns/${kind}`;
    assert.throws(() => openPath(other), { code: "ERR_NETNS_WRONG_KIND", path: other });
    assert.equal(isNetNS(other), false);
  }
});

leakChecked("isNetNS() detects a namespace, and assertNetNS() accepts it", () => {
  assert.equal(isNetNS("/proc/self/ns/net"), true);
  assert.equal(assertNetNS("/proc/self/ns/net"), undefined);
});

leakChecked("a path that does not exist is told from one that is not a namespace", () => {
  for (const missing of ["/nonexistent", "/dev/null/x", "/run/netns/\u00fcml\u00e4ut missing"]) {
    assert.throws(() => openPath(missing), {
      code: "ERR_NETNS_NOT_FOUND",
      syscall: "open",
      path: missing,
      message: `Cannot open network namespace "${missing}": there is no such file`,
    });
    assert.throws(() => assertNetNS(missing), { code: "ERR_NETNS_NOT_FOUND" });
    assert.equal(isNetNS(missing), false);
  }
});

leakChecked("isNetNS() throws where it cannot tell", () => {
  const error = withFreeDescriptors(0, () => {
    try {
      return isNetNS("/proc/self/ns/net");
    } catch (error) {
      return error;
    }
  });
  assert.ok(isNetNSError(error));
  assert.equal(error.code, "EMFILE");
  assert.match(error.hint!, /ulimit -n/);
});

leakChecked("bad arguments are refused before any system call", () => {
  for (const bad of [undefined, null, 1, {}]) {
    assert.throws(() => openPath(bad as string), TypeError);
    assert.throws(() => isNetNS(bad as string), TypeError);
  }
  for (const bad of ["", "a\0b", "\ud800"]) assert.throws(() => openPath(bad), RangeError);
  for (const bad of [undefined, null, "1", 1n]) {
    assert.throws(() => openPid(bad as unknown as number), TypeError);
    assert.throws(() => openThread(process.pid, bad as unknown as number), TypeError);
    assert.throws(() => openFd(bad as unknown as number), TypeError);
    assert.throws(() => openSocket(bad as unknown as number), TypeError);
  }
  for (const bad of [-1, 1.5, NaN, 2 ** 31]) {
    assert.throws(() => openPid(bad), {
      name: "RangeError",
      message: `pid must be an integer from 1 to 2147483647: current value is ${bad}`,
    });
    assert.throws(() => openThread(bad, 1), RangeError);
    assert.throws(() => openFd(bad), RangeError);
    assert.throws(() => openSocket(bad), RangeError);
  }
  assert.throws(() => openPid(0), RangeError);
});

leakChecked("openPid() opens the namespace of a process", privileged, async () => {
  const namespace = createAnonymous({ loopback: false });
  const child = await sleeperIn(namespace);
  closing(openPid(child.pid!), (opened) => {
    assert.equal(opened.inode, namespace.inode);
    assert.equal(opened.path, undefined);
    assert.equal(libc().fcntl(opened.fd, F_GETFD, 0), FD_CLOEXEC);
  });
  child.kill("SIGKILL");
  await once(child, "close");
  namespace.close();
  assert.throws(() => openPid(child.pid!), { code: "ERR_NETNS_NOT_FOUND" });
});

leakChecked("a process or thread that does not exist is said to be missing", () => {
  assert.throws(() => openPid(GONE), {
    code: "ERR_NETNS_NOT_FOUND",
    message: `Cannot open the network namespace of process ${GONE}: there is no such process`,
  });
  assert.throws(() => openThread(GONE, GONE), { code: "ERR_NETNS_NOT_FOUND" });
  assert.throws(() => openThread(process.pid, GONE), { code: "ERR_NETNS_NOT_FOUND" });
});

leakChecked("openThread() refuses a thread of another process", () => {
  assert.throws(() => openThread(process.pid, process.ppid), {
    code: "ERR_NETNS_NOT_FOUND",
    message: /thread \d+ of process \d+: there is no such thread$/,
  });
});

leakChecked("openThread() opens the namespace of a thread, not of its process", privileged, () => {
  const namespace = createAnonymous({ loopback: false });
  inside(namespace, () => {
    const tid = Number(path.basename(fs.readlinkSync("/proc/thread-self")));
    const opened = openThread(process.pid, tid);
    assert.equal(inodeOf(opened), namespace.inode);
  });
  namespace.close();
  assert.equal(inodeOf(openThread(process.pid, process.pid)), home().inode);
});

leakChecked("openThread() opens the namespace of a worker", privileged, async () => {
  const namespace = createAnonymous({ loopback: false });
  const before = new Set(fs.readdirSync("/proc/self/task"));
  const worker = inside(
    namespace,
    () =>
      new Worker(`require("node:worker_threads").parentPort.on("message", () => {});`, {
        eval: true,
      }),
  );
  await once(worker, "online");
  const inodes = fs.readdirSync("/proc/self/task").filter((tid) => !before.has(tid))
    .map((tid) => inodeOf(openThread(process.pid, Number(tid))));
  assert.ok(inodes.includes(namespace.inode), `${inodes} include ${namespace.inode}`);
  await worker.terminate();
  await namespace.close();
});

const firstProcess = skipIf(
  canRead("/proc/1/ns/net"),
  "this process may look into process 1",
);

leakChecked("a process that may not be looked into is not said to be missing", {
  skip: firstProcess,
}, () => {
  assert.throws(() => openPath("/proc/1/ns/net"), {
    code: "EACCES",
    syscall: "open",
    path: "/proc/1/ns/net",
  });
  assert.throws(() => isNetNS("/proc/1/ns/net"), { code: "EACCES" });
  assert.throws(() => openThread(1, 1), { code: "EACCES" });
  assert.throws(() => openPid(1), (error: unknown) => {
    assert.ok(isNetNSError(error));
    assert.equal(error.code, "EACCES");
    assert.match(error.hint!, /CAP_SYS_PTRACE/);
    return true;
  });
});

leakChecked("openSocket() opens the namespace that a socket was made in", privileged, () => {
  const namespace = createAnonymous({ loopback: false });
  const socket = inside(
    namespace,
    () => libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
  );
  closing(openSocket(socket), (opened) => {
    assert.equal(opened.inode, namespace.inode);
    assert.equal(libc().fcntl(opened.fd, F_GETFD, 0), FD_CLOEXEC);
  });
  libc().close(socket);
  assert.throws(() => openSocket(socket), { code: "EBADF" });
  namespace.close();
});

leakChecked("openSocket() says when the descriptor is no socket", () => {
  const namespace = openPath("/proc/self/ns/net");
  assert.throws(() => openSocket(namespace.fd), {
    code: "ENOTTY",
    syscall: "ioctl",
    hint: "the descriptor is not that of a socket",
  });
  namespace.close();
});

leakChecked("openFd() makes a descriptor of its own", () => {
  const namespace = openPath("/proc/self/ns/net");
  const copy = openFd(namespace.fd);
  assert.notEqual(copy.fd, namespace.fd);
  const fd = namespace.fd;
  namespace.close();
  assert.equal(copy.inode, home().inode);
  assert.equal(libc().fcntl(copy.fd, F_GETFD, 0), FD_CLOEXEC);
  copy.close();
  assert.throws(() => openFd(fd), { code: "EBADF", syscall: "fcntl" });
});

leakChecked("openFd() refuses a descriptor of anything else, and leaves it open", () => {
  const socket = libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert.throws(() => openFd(socket), { code: "ERR_NETNS_NOT_A_NAMESPACE" });
  assert.equal(libc().fcntl(socket, F_GETFD, 0), FD_CLOEXEC);
  libc().close(socket);
});

function canRead(link: string): boolean {
  try {
    fs.readlinkSync(link);
    return true;
  } catch {
    return false;
  }
}

/** A process that sleeps in a namespace. */
async function sleeperIn(namespace: Namespace): Promise<ChildProcess> {
  const file = `/proc/${process.pid}/fd/${namespace.fd}`;
  const child = spawn("nsenter", [`--net=${file}`, "sleep", "600"], { stdio: "ignore" });
  await once(child, "spawn");
  while (fs.readlinkSync(`/proc/${child.pid}/ns/net`) !== `net:[${namespace.inode}]`) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return child;
}
