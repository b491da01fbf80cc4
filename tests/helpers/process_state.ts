/**
 * What this process holds: file descriptors, threads, mounts; as `/proc` shows it.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** An open file descriptor. */
export interface OpenFile {
  fd: number;
  /**
   * What its link in `/proc/self/fd` points to: `socket:[1234]`, `net:[4026531840]`, a path. A
   * namespace that was opened by a path is `ns:[4026531840] PATH`.
   */
  target: string;
}

/** A thread of this process. */
export interface Thread {
  tid: number;
  /** Name, cut to 15 characters by the kernel. */
  name: string;
  /** Its network namespace: `net:[4026531840]`. */
  netns: string;
}

/** A line of `/proc/self/mountinfo`. */
export interface Mount {
  path: string;
  /** Type of the file system. */
  type: string;
}

/** The cache of tsx, which it tidies on threads of its own, at any time. */
const transpilerCache = path.join(os.tmpdir(), "tsx-");

/** The open descriptors, but for the one that reads the list. */
export function openFiles(): OpenFile[] {
  const namespaces = fs.statSync("/proc/self/ns/net").dev;
  return fs.readdirSync("/proc/self/fd").flatMap((fd) => {
    const target = readLink(`/proc/self/fd/${fd}`);
    const status = fs.statSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false });
    if (target === undefined || status === undefined) return [];
    if (target.startsWith(transpilerCache)) return [];
    // A namespace that was opened by a file it is mounted on has that file's path.
    const isMounted = status.dev === namespaces && target.startsWith("/");
    return [{ fd: Number(fd), target: isMounted ? `ns:[${status.ino}] ${target}` : target }];
  });
}

/** What a `socket:[INODE]` is, where the calling thread's namespace knows: a line of /proc/net. */
export function socketLine(target: string): string | undefined {
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  if (inode === undefined) return undefined;
  for (const table of ["unix", "tcp", "tcp6", "udp", "udp6", "netlink"]) {
    const lines = readText(`/proc/thread-self/net/${table}`).split("\n");
    const line = lines.find((each) => each.split(/\s+/).includes(inode));
    if (line !== undefined) return `${table} ${line.trim().replace(/\s+/g, " ")}`;
  }
  return undefined;
}

/** How many open descriptors are of network namespaces. */
export function openNamespaces(): number {
  return openFiles().filter(({ target }) => target.startsWith("net:[")).length;
}

/**
 * Sockets to the transpiler of tsx, a process that it starts when it meets a file that it does not
 * know, and ends at will. The two ends of a socketpair(2) have neighbouring numbers.
 */
export function transpilerSockets(): Set<string> {
  const ends = children().filter((pid) => readText(`/proc/${pid}/comm`).trimEnd() === "esbuild")
    .flatMap((pid) => [0, 1, 2].map((fd) => readLink(`/proc/${pid}/fd/${fd}`)))
    .flatMap((target) => /^socket:\[(\d+)\]$/.exec(target ?? "")?.[1] ?? [])
    .map(Number);
  return new Set(ends.flatMap((inode) => [`socket:[${inode - 1}]`, `socket:[${inode + 1}]`]));
}

/** How many sockets are open, but for those to the transpiler. */
export function openSockets(): number {
  const transpiler = transpilerSockets();
  const isOurs = ({ target }: OpenFile) => target.startsWith("socket:") && !transpiler.has(target);
  return openFiles().filter(isOurs).length;
}

function children(): string[] {
  return fs.readdirSync("/proc/self/task")
    .flatMap((tid) => readText(`/proc/self/task/${tid}/children`).split(" ").filter(Boolean));
}

/** The threads. */
export function threads(): Thread[] {
  return fs.readdirSync("/proc/self/task").flatMap((tid) => {
    const netns = readLink(`/proc/self/task/${tid}/ns/net`);
    if (netns === undefined) return [];
    const name = readText(`/proc/self/task/${tid}/comm`).trimEnd();
    return name === "" ? [] : [{ tid: Number(tid), name, netns }]; // "" when it ended meanwhile.
  });
}

/** The network namespace of the calling thread: `net:[4026531840]`. */
export function currentNetns(): string {
  return fs.readlinkSync("/proc/thread-self/ns/net");
}

/** The mounts that the main thread sees. */
export function mountPoints(): Mount[] {
  const lines = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [mount, fileSystem] = line.split(" - ") as [string, string];
    return { path: unescape(mount.split(" ")[4]!), type: fileSystem.split(" ")[0]! };
  });
}

/** Whether other processes, started long before, see the mounts that this one makes. */
export function sharesMounts(): boolean {
  return readLink("/proc/1/ns/mnt") === readLink("/proc/self/ns/mnt");
}

/** Spaces and the like are octal in mountinfo: see proc_pid_mountinfo(5). */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
}

function readLink(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
