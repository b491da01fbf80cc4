/**
 * Paths of the kernel's files about the network, of which there is one for each namespace. Which
 * one a path leads to depends on the thread that follows it, or on nothing but the main thread.
 *
 * @module
 */

import { posix } from "node:path";
import { fileURLToPath } from "node:url";

/** What decides where a path leads. */
export interface Surroundings {
  pid: number;
  /** The id of the thread in the kernel. */
  tid: () => number;
  cwd: () => string;
}

/** A path of such a file. */
export interface KernelPath {
  /**
   * `thread`: below /proc/net, by the thread that it names. `sysctl`: below /proc/sys/net, which
   * shows the namespace of the thread that opens it. `sysfs`: below /sys, which shows the namespace
   * in which it was mounted.
   */
  kind: "thread" | "sysctl" | "sysfs";
  /** The path that leads to the file of this thread's namespace, whichever thread follows it. */
  path: string;
}

/** Recognizes the first argument of a function. */
export type Recognize = (path: unknown) => KernelPath | undefined;

/** What every such path contains, unless it has segments that are no names. */
const CANDIDATE = /^\/(proc|sys)\/|\/\.{0,2}\//;
const PROC = /^\/proc\/(?:(self|thread-self|\d+)\/)?(net|ns\/net)(\/.*)?$/;
const SYSCTL = /^\/proc\/sys\/net(\/|$)/;
const SYSFS = /^\/sys\/(class|devices|bus|dev)\/(.*\/)?net(\/|$)/;

/**
 * Recognizes a path.
 *
 * @param path As functions of files take it; what is no path is nothing to recognize.
 */
export function kernelPath(path: unknown, surroundings: Surroundings): KernelPath | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const whole = text.startsWith("/") ? text : absolute(text, surroundings);
  if (!whole.includes("net") || !CANDIDATE.test(whole)) return undefined;
  const normal = posix.normalize(whole);
  if (SYSCTL.test(normal)) return { kind: "sysctl", path: normal };
  if (SYSFS.test(normal)) return { kind: "sysfs", path: normal };
  const [match, process, directory, rest = ""] = PROC.exec(normal) ?? [];
  if (match === undefined || isOther(process, directory!, surroundings.pid)) return undefined;
  return { kind: "thread", path: `/proc/self/task/${surroundings.tid()}/${directory}${rest}` };
}

/** Whether a path names something else than the thread: a process, or its main thread's handle. */
function isOther(process: string | undefined, directory: string, pid: number): boolean {
  if (directory !== "net") return process !== "thread-self";
  return /^\d/.test(process ?? "") && process !== String(pid);
}

function textOf(path: unknown): string | undefined {
  if (typeof path === "string") return path;
  if (path instanceof URL) return path.protocol === "file:" ? pathOf(path) : undefined;
  return path instanceof Uint8Array ? new TextDecoder().decode(path) : undefined;
}

function pathOf(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined; // As the function that gets it will say.
  }
}

function absolute(path: string, { cwd }: Surroundings): string {
  try {
    return `${cwd()}/${path}`;
  } catch {
    return path; // There is no such directory any more, or Deno forbids to ask.
  }
}
