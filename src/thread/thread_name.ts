/**
 * The names that namespace threads have in the kernel: by them they are known to those threads of
 * JavaScript that did not start them.
 *
 * @module
 */

import { O_CLOEXEC, O_WRONLY } from "../../ffi/constants.ts";
import type { Libc } from "../../ffi/libc.ts";

/** A thread inherits the name of the one that starts it, so the name says whose it is. */
function nameOf(tid: number): string {
  return `netns:${tid}`;
}

/** Names a namespace thread. One that has ended meanwhile has no name. */
export function nameThread(libc: Libc, tid: number): void {
  const fd = libc.open(`/proc/self/task/${tid}/comm`, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  const name = new TextEncoder().encode(nameOf(tid));
  libc.write(fd, name, name.byteLength);
  libc.close(fd);
}

/** Whether a thread is a namespace thread of some thread of JavaScript. */
export function isNamespaceThread({ tid, name }: { tid: number; name: string }): boolean {
  return name === nameOf(tid);
}
