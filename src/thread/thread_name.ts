/**
 * The names that namespace threads have in the kernel: by them they are known to those threads of
 * JavaScript that did not start them.
 *
 * @module
 */

import { O_CLOEXEC, O_WRONLY } from "../../ffi/constants.ts";
import { readText } from "../../ffi/files.ts";
import type { Libc } from "../../ffi/libc.ts";

/** A thread inherits the name of the one that starts it, so the name says whose it is. */
function nameOf(tid: number): string {
  return `netns:${tid}`;
}

/** Names a namespace thread. One that has ended meanwhile has no name. */
export function nameThread(libc: Libc, tid: number): void {
  writeName(libc, tid, nameOf(tid));
}

/** Takes the name from a thread that nobody uses any more, should it not have ended. */
export function unnameThread(libc: Libc, tid: number): void {
  const name = readText(libc, pathOf(tid));
  if (typeof name === "string" && isNamespaceThread({ tid, name: name.trimEnd() })) {
    writeName(libc, tid, "netns ended");
  }
}

function pathOf(tid: number): string {
  return `/proc/self/task/${tid}/comm`;
}

function writeName(libc: Libc, tid: number, name: string): void {
  const fd = libc.open(pathOf(tid), O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  const bytes = new TextEncoder().encode(name);
  libc.write(fd, bytes, bytes.byteLength);
  libc.close(fd);
}

/** Whether a thread is a namespace thread of some thread of JavaScript. */
export function isNamespaceThread({ tid, name }: { tid: number; name: string }): boolean {
  return name === nameOf(tid);
}
