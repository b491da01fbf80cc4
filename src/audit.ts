/**
 * Where every thread of this process is.
 *
 * @module
 */

import { readDirectory, readText } from "../ffi/files.ts";
import { statx } from "../ffi/system_calls.ts";
import { syscallError } from "./errors.ts";
import { libc } from "./libc.ts";
import { home } from "./position.ts";
import { known, type KnownThread } from "./thread/known_threads.ts";
import { isNamespaceThread } from "./thread/thread_name.ts";

/** One thread of this process, as {@linkcode NetNS.audit} finds it. */
export interface AuditedThread {
  /** Thread id in the kernel. */
  tid: number;
  /** Name in the kernel, as /proc/PID/task/TID/comm has it. */
  name: string;
  /** Inode of the network namespace that the thread is in. */
  inode: number;
  /**
   * Why the thread is there: `"home"`, the handle whose thread it is or whose thread started it, or
   * that it is a helper of the runtime's garbage collector or compiler (in Bun `HeapHelper`,
   * `JITWorker` and the like). Such a thread makes no sockets, but a namespace does not end before
   * it, and the runtime ends it when it has been idle for some time. The handles of other threads of
   * JavaScript, as of a Worker of yours, are told by their namespaces. Undefined for a stray.
   */
  owner: string | undefined;
  /** Whether the thread is in a namespace where no thread of an open handle is. */
  stray: boolean;
}

type Thread = Pick<AuditedThread, "tid" | "name" | "inode">;

/** Threads that Bun starts from any thread for its collector and compiler, and retires itself. */
const collectorNames =
  /^(JITWorker|HeapHelper|[a-z] Helper Thread|ollector Thread|[a-z] Signal Sender)$/;

const tasks = "/proc/self/task";

/** Lists every thread of this process. */
export function audit(): AuditedThread[] {
  const homeInode = home().inode;
  const tids = readDirectory(libc(), tasks);
  if (typeof tids === "number") {
    throw syscallError({
      action: "Cannot list the threads of this process",
      syscall: "open",
      result: tids,
      path: tasks,
    });
  }
  const threads: Thread[] = [];
  for (const tid of tids.map(Number)) {
    const status = statx(libc(), `${tasks}/${tid}/ns/net`);
    const name = readText(libc(), `${tasks}/${tid}/comm`);
    if (typeof status === "number" || typeof name === "number") continue; // It ended meanwhile.
    threads.push({ tid, name: name.trimEnd(), inode: status.inode });
  }
  const owners: KnownThread[] = [...known, ...threads.filter(isNamespaceThread).map(elsewhere)];
  return threads.map((thread) => {
    const owner = ownerOf(thread, homeInode, owners);
    return { ...thread, owner, stray: owner === undefined };
  }).sort((one, two) => one.tid - two.tid);
}

/** A namespace thread that another thread of JavaScript started. */
function elsewhere({ tid, inode }: Thread): KnownThread {
  const label = `thread of network namespace net:[${inode}] in another thread of JavaScript`;
  return { tid, inode, label };
}

function ownerOf(
  { tid, name, inode }: Thread,
  homeInode: number,
  owners: readonly KnownThread[],
): string | undefined {
  const own = owners.find((owner) => owner.tid === tid);
  if (own) return own.label;
  if (inode === homeInode) return "home";
  if (collectorNames.test(name)) return `${name}, a garbage collector or compiler of the runtime`;
  const parent = owners.find((owner) => owner.inode === inode);
  return parent && `started by the ${parent.label}`;
}
