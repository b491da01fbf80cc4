/**
 * Calls that fail, each with its own errno.
 *
 * @module
 */

import process from "node:process";
import { CLONE_NEWNET, NS_GET_NSTYPE, O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import type { Libc } from "../../ffi/libc.ts";
import { Litter } from "../helpers/garbage.ts";
import { failure } from "./adapters.ts";

/**
 * Makes failing calls of mixed kinds while the garbage collector has much to do; returns what had
 * another result than it must.
 */
export function wrongResults(libc: Libc, calls: number): string[] {
  const file = libc.open(process.execPath, O_RDONLY | O_CLOEXEC, 0);
  const buffer = new Uint8Array(new ArrayBuffer(8));
  const below = `${process.execPath}/below`;
  const kinds: readonly (readonly [call: () => number, expected: number])[] = [
    [() => libc.close(-1), failure("EBADF")],
    [() => libc.open("/nonexistent/ж", O_RDONLY, 0), failure("ENOENT")],
    [() => libc.open(below, O_RDONLY, 0), failure("ENOTDIR")],
    [() => libc.setns(file, CLONE_NEWNET), failure("EINVAL")],
    [() => libc.mkdir("/", 0o700), failure("EEXIST")],
    [() => libc.ioctl(file, NS_GET_NSTYPE, null), failure("ENOTTY")],
    [() => libc.recv(file, buffer, 8, 0), failure("ENOTSOCK")],
    [() => libc.syscall(1_000_000, 0, null, 0, 0, null), failure("ENOSYS")],
  ];
  const litter = new Litter();
  const wrong: string[] = [];
  for (let turn = 0; turn < calls; turn++) {
    // 3 and 8 have no common divisor: every kind comes after several others.
    const [call, expected] = kinds[(turn * 3 + (turn >> 3)) & 7]!;
    const result = call();
    if (result !== expected) wrong.push(`turn ${turn}: ${result} for ${expected}`);
    litter.drop(turn);
  }
  libc.close(file);
  return wrong;
}
