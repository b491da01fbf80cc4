import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import type { Libc } from "../../ffi/libc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { adapters, failure } from "./adapters.ts";

const SYS_pread64 = process.arch === "x64" ? 17 : 67;

/** The contract says `number`; the check takes bigints as well, and they must be passed right. */
function asNumber(value: number | bigint): number {
  return value as number;
}

/** Opens a file of 10 bytes. */
function open(libc: Libc, directory: string): number {
  const file = path.join(directory, "digits");
  fs.writeFileSync(file, "0123456789");
  return libc.open(file, O_RDONLY | O_CLOEXEC, 0);
}

for (const { name, libc } of adapters()) {
  const inDirectory = (what: string, run: (directory: string) => void) =>
    leakChecked(`${name}: ${what}`, () => inTemporaryDirectory(run));

  inDirectory("a count above 2^32 is not cut to its lower half", (directory) => {
    for (const count of [2 ** 32 + 3, 2n ** 33n + 3n]) {
      const fd = open(libc, directory);
      const buffer = new Uint8Array(new ArrayBuffer(64));
      assert.equal(libc.read(fd, buffer, asNumber(count)), 10);
      libc.close(fd);
    }
  });

  inDirectory("the highest bit of a count reaches the kernel, which refuses it", (directory) => {
    const fd = open(libc, directory);
    const buffer = new Uint8Array(new ArrayBuffer(64));
    assert.equal(libc.read(fd, buffer, asNumber(2n ** 64n - 1n)), failure("EFAULT"));
    assert.equal(libc.read(fd, buffer, asNumber(2n ** 63n + 10n)), failure("EFAULT"));
    assert.equal(libc.read(fd, buffer, 10), 10);
    libc.close(fd);
  });

  inDirectory("an offset above 2^32 is read from there", (directory) => {
    const file = path.join(directory, "sparse");
    const far = 2 ** 33 + 5;
    fs.writeFileSync(file, "near----");
    const writer = fs.openSync(file, "r+");
    fs.writeSync(writer, new TextEncoder().encode("far"), 0, 3, far);
    fs.closeSync(writer);
    const fd = libc.open(file, O_RDONLY | O_CLOEXEC, 0);
    const buffer = new Uint8Array(new ArrayBuffer(8));
    const readAt = (offset: number | bigint) =>
      libc.syscall(SYS_pread64, fd, buffer, 8, asNumber(offset), null);
    for (const offset of [far, BigInt(far)]) {
      buffer.fill(0);
      assert.equal(readAt(offset), 3);
      assert.equal(new TextDecoder().decode(buffer.subarray(0, 3)), "far");
    }
    assert.equal(readAt(0), 8);
    assert.equal(readAt(2n ** 63n), failure("EINVAL"), "a negative offset");
    assert.equal(readAt(2 ** 53 - 1), 0, "past the end");
    libc.close(fd);
  });

  leakChecked(`${name}: a negative i32 of a system call stays negative`, () => {
    const buffer = new Uint8Array(new ArrayBuffer(8));
    assert.equal(libc.syscall(SYS_pread64, -1, buffer, 8, 0, null), failure("EBADF"));
  });
}
