import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import {
  F_DUPFD_CLOEXEC,
  LOCK_EX,
  LOCK_NB,
  NS_GET_NSTYPE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_RDONLY,
  S_IFMT,
  S_IFREG,
  SYS,
} from "../../ffi/constants.ts";
import { readDirectory, readLink, readText } from "../../ffi/files.ts";
import { getdents64, pidfdOpen, statx, statxFd } from "../../ffi/system_calls.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { adapters, failure } from "./adapters.ts";

const names = ["plain", "with space", "ж", "日本語", "🙂", "a\nb", "é\\"];

for (const { name, libc } of adapters()) {
  const inDirectory = (what: string, run: (directory: string) => void) =>
    leakChecked(`${name}: ${what}`, () => inTemporaryDirectory(run));

  inDirectory("open and read give what a file holds, close ends it", (directory) => {
    const file = path.join(directory, "file");
    fs.writeFileSync(file, "0123456789");
    const fd = libc.open(file, O_RDONLY | O_CLOEXEC, 0);
    assert.equal(fs.readlinkSync(`/proc/self/fd/${fd}`), file);
    const buffer = new Uint8Array(new ArrayBuffer(8));
    assert.equal(libc.read(fd, buffer, 8), 8);
    assert.equal(new TextDecoder().decode(buffer), "01234567");
    assert.equal(libc.read(fd, buffer, 8), 2);
    assert.equal(new TextDecoder().decode(buffer), "89234567");
    assert.equal(libc.read(fd, buffer, 8), 0);
    assert.equal(libc.close(fd), 0);
    assert.equal(libc.close(fd), failure("EBADF"));
    assert.equal(libc.read(fd, buffer, 8), failure("EBADF"));
  });

  inDirectory("open takes flags and mode", (directory) => {
    const file = path.join(directory, "new");
    assert.equal(libc.open(file, O_RDONLY, 0), failure("ENOENT"));
    const fd = libc.open(file, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o400);
    assert.ok(fd > 2);
    assert.equal(fs.statSync(file).mode & 0o777, 0o400);
    const status = fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    assert.equal(parseInt(/^flags:\s*(\d+)/m.exec(status)![1]!, 8) & O_CLOEXEC, O_CLOEXEC);
    libc.close(fd);
    assert.equal(libc.open(file, O_CREAT | O_EXCL, 0o400), failure("EEXIST"));
    assert.equal(libc.open(file, O_RDONLY | O_DIRECTORY, 0), failure("ENOTDIR"));
    assert.equal(libc.open(path.join(file, "below"), O_RDONLY, 0), failure("ENOTDIR"));
    fs.symlinkSync(file, path.join(directory, "link"));
    assert.equal(
      libc.open(path.join(directory, "link"), O_RDONLY | O_NOFOLLOW, 0),
      failure("ELOOP"),
    );
  });

  inDirectory("mkdir, readlink and unlink work on names in any script", (directory) => {
    for (const name of names) {
      const made = path.join(directory, name);
      assert.equal(libc.mkdir(made, 0o700), 0);
      assert.ok(fs.statSync(made).isDirectory());
      assert.equal(libc.mkdir(made, 0o700), failure("EEXIST"));
      fs.rmdirSync(made);
      assert.equal(libc.unlink(made), failure("ENOENT"));
      fs.symlinkSync(`target of ${name}`, made);
      assert.equal(readLink(libc, made), `target of ${name}`);
      assert.equal(libc.unlink(made), 0);
      assert.equal(readLink(libc, made), failure("ENOENT"));
    }
    assert.deepEqual(fs.readdirSync(directory), []);
    const buffer = new Uint8Array(new ArrayBuffer(2));
    fs.symlinkSync("long target", path.join(directory, "link"));
    assert.equal(libc.readlink(path.join(directory, "link"), buffer, 2), 2);
    assert.deepEqual([...buffer], [..."lo"].map((letter) => letter.charCodeAt(0)));
  });

  inDirectory("flock is refused while another descriptor has the lock", (directory) => {
    const file = path.join(directory, "lock");
    const [first, second] = [1, 2].map(() =>
      libc.open(file, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
    ) as [number, number];
    assert.equal(libc.flock(first, LOCK_EX), 0);
    assert.equal(libc.flock(second, LOCK_EX | LOCK_NB), failure("EAGAIN"));
    libc.close(first);
    assert.equal(libc.flock(second, LOCK_EX | LOCK_NB), 0);
    libc.close(second);
  });

  inDirectory("fcntl duplicates a descriptor, not below the number asked for", (directory) => {
    const fd = libc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    const copy = libc.fcntl(fd, F_DUPFD_CLOEXEC, 300);
    assert.ok(copy >= 300);
    assert.equal(fs.readlinkSync(`/proc/self/fd/${copy}`), directory);
    libc.close(fd);
    libc.close(copy);
    assert.equal(libc.fcntl(copy, F_DUPFD_CLOEXEC, 3), failure("EBADF"));
  });

  inDirectory("ioctl fails on a file that knows no requests", (directory) => {
    const fd = libc.open(directory, O_RDONLY | O_CLOEXEC, 0);
    assert.equal(libc.ioctl(fd, NS_GET_NSTYPE, null), failure("ENOTTY"));
    libc.close(fd);
  });

  inDirectory("syscall: statx tells kind, inode, size and device", (directory) => {
    const file = path.join(directory, "größe");
    fs.writeFileSync(file, "12345");
    const expected = fs.statSync(file);
    const fd = libc.open(file, O_RDONLY | O_CLOEXEC, 0);
    for (const status of [statx(libc, file), statxFd(libc, fd)]) {
      assert.ok(typeof status === "object");
      assert.equal(status.mode & S_IFMT, S_IFREG);
      assert.equal(status.inode, expected.ino);
      assert.equal(status.size, 5);
      assert.equal(status.dev, expected.dev);
    }
    libc.close(fd);
    assert.equal(statx(libc, path.join(directory, "none")), failure("ENOENT"));
    assert.equal(statxFd(libc, fd), failure("EBADF"));
  });

  inDirectory("syscall: getdents64 lists a directory of any size", (directory) => {
    assert.deepEqual(readDirectory(libc, directory), []);
    const many = [...names, ...Array.from({ length: 2000 }, (_, number) => `file ${number}`)];
    for (const name of many) fs.writeFileSync(path.join(directory, name), "");
    const found = readDirectory(libc, directory);
    assert.deepEqual(Array.isArray(found) && found.sort(), many.sort());
    assert.equal(readDirectory(libc, path.join(directory, "plain")), failure("ENOTDIR"));
    const fd = libc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    assert.equal(getdents64(libc, fd, new Uint8Array(new ArrayBuffer(1))), failure("EINVAL"));
    libc.close(fd);
  });

  inDirectory("a file is read whole, also where a letter is cut between two reads", (directory) => {
    const text = "x" + "日本語🙂".repeat(5000);
    fs.writeFileSync(path.join(directory, "text"), text);
    assert.equal(readText(libc, path.join(directory, "text")), text);
    assert.equal(readText(libc, path.join(directory, "none")), failure("ENOENT"));
  });

  leakChecked(`${name}: syscall: pidfd_open opens a process`, () => {
    const fd = pidfdOpen(libc, process.pid);
    assert.ok(fd > 2, String(fd));
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    assert.match(info, new RegExp(`^Pid:\\s*${process.pid}$`, "m"));
    libc.close(fd);
    assert.equal(pidfdOpen(libc, -1), failure("EINVAL"));
  });

  leakChecked(`${name}: syscall: a number that the kernel does not know is ENOSYS`, () => {
    assert.equal(libc.syscall(SYS.statx + 100_000, 0, null, 0, 0, null), failure("ENOSYS"));
  });
}
