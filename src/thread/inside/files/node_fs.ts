/**
 * `node:fs`, whose asynchronous functions work on threads that all of the process may share.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import type { KernelPath } from "./kernel_path.ts";
import { refusal } from "./refusal.ts";
import { type Callable, replaceFunctions } from "./replace.ts";

/** Recognizes the first argument of a function. */
export type Recognize = (path: unknown) => KernelPath | undefined;

/** The functions that are there with a callback, with promises and synchronous. */
const functions = [
  ...["access", "appendFile", "copyFile", "cp", "exists", "lstat", "open", "opendir", "readFile"],
  ...["readdir", "readlink", "realpath", "stat", "statfs", "writeFile"],
];

/** Those that follow the path later, and by no other of these functions, as streams do. */
const later = ["glob", "openAsBlob", "watch", "watchFile"];

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

  replaceFunctions(
    fs,
    functions.map((name) => `${name}Sync`),
    (own, name) =>
      function (path, ...rest) {
        const found = recognize(path);
        // Bun's opens the directory when it is read, on another thread.
        const isLate = name === "opendirSync" && sharesPool && "Bun" in globalThis;
        if (found?.kind === "sysfs" || (isLate && found?.kind === "sysctl")) throw refusal(found);
        return own.call(this, found?.path ?? path, ...rest);
      },
  );

  replaceFunctions(fs, functions, (own, name) =>
    function (path, ...rest) {
      const found = recognize(path);
      if (found === undefined || !isForThread(found) || typeof rest.at(-1) !== "function") {
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
    replaceFunctions(object, later, (own) =>
      function (path, ...rest) {
        const found = recognize(path);
        if (found !== undefined && isForThread(found)) throw refusal(found);
        return own.call(this, found?.path ?? path, ...rest);
      });
  }
}
