/**
 * The mounts that the calling thread sees, by /proc/thread-self/mountinfo (proc_pid_mountinfo(5)).
 *
 * @module
 */

import { readText } from "../ffi/files.ts";
import { libc } from "./libc.ts";

/** A mount. */
export interface Mount {
  readonly id: number;
  /** What of the file system is mounted; of a namespace `net:[INODE]`. */
  readonly root: string;
  /** Where it is mounted. */
  readonly point: string;
  /** The kind of file system. */
  readonly type: string;
  /** Whether mounts that are made elsewhere appear in it. */
  readonly seesOthers: boolean;
}

/** The mounts, in the order of the kernel; none where they cannot be read. */
export function mounts(): Mount[] {
  const text = readText(libc(), "/proc/thread-self/mountinfo");
  if (typeof text === "number") return [];
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const fields = line.split(" ");
    const separator = fields.indexOf("-", 6);
    const propagation = fields.slice(6, separator);
    return {
      id: Number(fields[0]),
      root: unescape(fields[3]!),
      point: unescape(fields[4]!),
      type: fields[separator + 1]!,
      seesOthers: propagation.some((field) => /^(shared|master):/.test(field)),
    };
  });
}

/** The mount that an open file is in; undefined where it cannot be told, or is not seen any more. */
export function mountOf(fd: number): Mount | undefined {
  const [, id] = /^mnt_id:\s*(\d+)$/m.exec(
    String(readText(libc(), `/proc/thread-self/fdinfo/${fd}`)),
  ) ?? [];
  return mounts().find((mount) => mount.id === Number(id));
}

/** The kernel writes white space and backslashes in octal, and each byte of a name as it is. */
function unescape(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}

/** The inode in `net:[4026531840]`, as mounts and links of descriptors name a namespace. */
export function namespaceInode(text: string): number | undefined {
  const [, inode] = /^net:\[(\d+)\]$/.exec(text) ?? [];
  return inode === undefined ? undefined : Number(inode);
}
