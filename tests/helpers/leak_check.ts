/**
 * Tests that leave nothing behind: descriptors, threads, mounts and files are the same before and
 * after.
 *
 * @module
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { isNetNSError } from "../../src/errors.ts";
import { home } from "../../src/position.ts";
import {
  currentNetns,
  mountPoints,
  type OpenFile,
  openFiles,
  sharesMounts,
  socketLine,
  type Thread,
  threads,
  transpilerSockets,
} from "./process_state.ts";
import { runDirectoryVariable } from "./requirements.ts";
import { timeLimit, usualLimit } from "./time_limit.ts";

/** Where {@linkcode snapshot} looks besides the process itself. */
export interface SnapshotOptions {
  /** Directories whose files are compared as well. */
  directories?: readonly string[];
}

/** What the process held at one time. */
export interface Snapshot {
  home: string;
  openFiles: OpenFile[];
  threads: Thread[];
  mounts: string[];
  files: string[];
  directories: readonly string[];
}

/** Takes down what the process holds. The first call brings up what the library keeps for good. */
export function snapshot({ directories = [] }: SnapshotOptions = {}): Snapshot {
  try {
    home();
  } catch (error) {
    if (!isNetNSError(error)) throw error; // Without FFI there is nothing to bring up.
  }
  return {
    home: currentNetns(),
    openFiles: openFiles(),
    threads: threads(),
    mounts: namespaceMounts(directories),
    files: directories.flatMap(filesBelow),
    directories,
  };
}

/** Waits until everything since `before` is gone; fails when something stays. */
export async function assertNoLeaks(
  before: Snapshot,
  { timeout = 30_000 }: { timeout?: number } = {},
): Promise<void> {
  // Threads end, and sockets close, a while after the call that ends them.
  const end = performance.now() + timeLimit(timeout);
  for (;;) {
    const found = leaks(before, snapshot(before));
    if (found.length === 0) return;
    if (performance.now() > end) assert.fail(`left behind:\n  ${found.join("\n  ")}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Options of {@linkcode leakChecked}: those of `node:test` that every runtime knows, and where to look. */
export interface LeakCheckedOptions extends SnapshotOptions {
  skip?: boolean | string;
  /** Ms on a usual machine: see `time_limit.ts`. Default: 120000. */
  timeout?: number;
}

/** A test around which nothing may leak. */
export function leakChecked(name: string, run: () => unknown): void;
export function leakChecked(name: string, options: LeakCheckedOptions, run: () => unknown): void;
export function leakChecked(
  name: string,
  optionsOrRun: LeakCheckedOptions | (() => unknown),
  maybeRun?: () => unknown,
): void {
  const run = maybeRun ?? optionsOrRun as () => unknown;
  const options = typeof optionsOrRun === "function" ? {} : optionsOrRun;
  const { skip = false, timeout = usualLimit, directories = [] } = options;
  test(name, { skip, timeout: timeLimit(timeout) }, async () => {
    const before = snapshot({ directories });
    await run();
    await assertNoLeaks(before);
  });
}

function leaks(before: Snapshot, after: Snapshot): string[] {
  return [
    after.home === before.home ? [] : [`the calling thread, in ${after.home}`],
    leakedFiles(before.openFiles, after.openFiles).map(({ fd, target }) =>
      `fd ${fd}: ${target} ${socketLine(target) ?? ""}`.trimEnd()
    ),
    leakedThreads(before, after.threads)
      .map(({ tid, name, netns }) => `thread ${tid} (${name}) in ${netns}`),
    added(before.mounts, after.mounts).map((mount) => `mount: ${mount}`),
    added(before.files, after.files).map((file) => `file: ${file}`),
  ].flat();
}

function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((one) => !before.includes(one));
}

const namespace = /^(cgroup|ipc|mnt|net|ns|pid|time|user|uts):\[/;

function leakedFiles(before: readonly OpenFile[], after: readonly OpenFile[]): OpenFile[] {
  const known = new Set(before.map(({ fd, target }) => `${fd} ${target}`));
  const targets = new Set(before.map(({ target }) => target));
  const transpiler = transpilerSockets();
  return after.filter(({ fd, target }) => {
    if (known.has(`${fd} ${target}`) || ofRuntime(target) || transpiler.has(target)) return false;
    // Runtimes duplicate their standard streams and their signal socket for new threads. A second
    // descriptor of one namespace is nobody's but ours.
    return namespace.test(target) || !targets.has(target);
  });
}

/**
 * Descriptors of event loops, and files that the runtime, its transpiler and its test reporter open
 * on first use and keep. A loop that leaks is a thread that leaks, which is seen there.
 */
function ofRuntime(target: string): boolean {
  const kept = [
    process.env["DENO_DIR"] ?? path.join(os.homedir(), ".cache", "deno"),
    // A thread that ends while it loads these leaves them open.
    path.dirname(createRequire(import.meta.url).resolve("tsx")),
    process.env[runDirectoryVariable],
  ];
  return /^(pipe:|anon_inode:\[(eventpoll|eventfd|timerfd|io_uring)\]|\/dev\/null$)/.test(target) ||
    kept.some((one) => one !== undefined && (target === one || target.startsWith(`${one}/`)));
}

/** Threads that runtimes start on first need, for all that the process does, and keep. */
const sharedThreads =
  /^(libuv-worker|node-V8Worker|DelayedTaskSche|SignalInspector|V8 DefaultWorke|tokio-runtime-w|deno|bun|Bun Pool \d+|HTTP Client|mi-scavenger|JSCWarmUp)$/;

/**
 * Threads of Bun's garbage collector and compiler: it ends them when they have long been idle. The
 * end of a long name is what is left of it.
 */
export const collectorThreads: RegExp =
  /^(JITWorker|HeapHelper|ollector Thread|t Helper Thread|s Signal Sender)$/;

function leakedThreads(before: Snapshot, after: readonly Thread[]): Thread[] {
  const known = new Set(before.threads.map(({ tid, netns }) => `${tid} ${netns}`));
  return after.filter(({ tid, name, netns }) => {
    if (known.has(`${tid} ${netns}`) || collectorThreads.test(name)) return false;
    return netns !== before.home || !sharedThreads.test(name);
  });
}

/** Mounted namespaces: all of them, or where other processes mount too, those in `directories`. */
function namespaceMounts(directories: readonly string[]): string[] {
  const everywhere = !sharesMounts();
  return mountPoints()
    .filter(({ type }) => type === "nsfs")
    .map((mount) => mount.path)
    .filter((mount) => everywhere || directories.some((one) => mount.startsWith(one + "/")));
}

function filesBelow(directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory).map((name) => path.join(directory, name));
}
