/**
 * `node:fs`, whose asynchronous functions work on threads that all of the process may share.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import { follow } from "./follow.ts";
import type { KernelPath, Recognize } from "./kernel_path.ts";
import { refusal } from "./refusal.ts";
import { type Callable, replaceFunctions } from "./replace.ts";

/** The functions that are there with a callback, with promises and synchronous. */
const functions = [
  ...["access", "appendFile", "copyFile", "cp", "exists", "lstat", "open", "opendir", "readFile"],
  ...["readdir", "readlink", "realpath", "stat", "statfs", "writeFile"],
];

/** Those whose second argument is a path, too. */
const twoPaths = new Set(["copyFile", "cp"]);

/** Those that follow the path later, and by no other of these functions, as streams do. */
const later = ["glob", "globSync", "openAsBlob", "watch", "watchFile"];

const O_PATH = 0o10000000;

/**
 * Contains it.
 *
 * @param sharesPool Whether the asynchronous functions work on threads outside.
 */
export function containNodeFs(recognize: Recognize, sharesPool: boolean): void {
  /** Whether this very thread has to open a file, if any has. */
  const isForThread = ({ kind }: KernelPath) => kind === "sysfs" || kind === "sysctl" && sharesPool;
  const { openSync, closeSync } = fs;
  const synchronous = fs as unknown as Record<string, Callable>;

  /** What the second argument leads to, where it is a path; puts what to use into `rest`. */
  const followSecond = (name: string, rest: unknown[]) => {
    if (!twoPaths.has(name)) return undefined;
    const found = recognize(rest[0]);
    rest[0] = follow(recognize, rest[0]);
    return found;
  };

  replaceFunctions(
    fs,
    functions.map((name) => `${name}Sync`),
    (own, name) =>
      function (path, ...rest) {
        // Bun's opens the directory when it is read, on another thread.
        const late = name === "opendirSync" && sharesPool && "Bun" in globalThis && recognize(path);
        if (late && late.kind === "sysctl") throw refusal(late);
        followSecond(name.slice(0, -"Sync".length), rest);
        return own.call(this, follow(recognize, path), ...rest);
      },
  );
  for (const realpath of [fs.realpath, fs.realpathSync]) {
    replaceFunctions(realpath, ["native"], (own) =>
      function (path, ...rest) {
        return own.call(this, follow(recognize, path), ...rest);
      });
  }

  replaceFunctions(fs, functions, (own, name) =>
    function (path, ...rest) {
      const found = recognize(path);
      const second = followSecond(name, rest);
      const isHere = [found, second].some((one) => one !== undefined && isForThread(one));
      if (!isHere || typeof rest.at(-1) !== "function") {
        return own.call(this, found?.path ?? path, ...rest);
      }
      const callback = rest.pop() as Callable;
      const none = name === "exists" ? [] : [null];
      let outcome: unknown[];
      try {
        outcome = [...none, synchronous[`${name}Sync`]!(path, ...rest)];
      } catch (error) {
        if (name === "exists") throw error;
        outcome = [error];
      }
      process.nextTick(callback, ...outcome);
    });

  replaceFunctions(fs.promises, functions, (own, name) =>
    async function (path, ...rest) {
      const found = recognize(path);
      const second = followSecond(name, rest);
      if (second !== undefined && isForThread(second)) {
        return synchronous[`${name}Sync`]!(path, ...rest);
      }
      if (found === undefined || !isForThread(found)) {
        return await own.call(this, found?.path ?? path, ...rest);
      }
      if (name !== "open" || found.kind === "sysfs") {
        return synchronous[`${name}Sync`]!(path, ...rest);
      }
      // The descriptor leads every thread to the file that this one has opened.
      const fd = openSync(found.path, O_PATH);
      try {
        return await own.call(this, `/proc/self/fd/${fd}`, ...rest);
      } finally {
        closeSync(fd);
      }
    });

  for (const object of [fs, fs.promises]) {
    replaceFunctions(object, later, (own, name) =>
      function (path, ...rest) {
        const [options] = rest as [{ cwd?: unknown } | undefined];
        const found = recognize(path);
        const followed = found ?? (name.startsWith("glob") ? recognize(options?.cwd) : undefined);
        if (followed !== undefined && isForThread(followed)) throw refusal(followed);
        return own.call(this, found?.path ?? path, ...rest);
      });
  }
}
