/**
 * Deno's own functions of files. They work on threads that are born inside.
 *
 * @module
 */

import { follow } from "./follow.ts";
import type { Recognize } from "./kernel_path.ts";
import { replaceFunctions } from "./replace.ts";

const functions = [
  ...["copyFile", "lstat", "open", "readDir", "readFile", "readLink", "readTextFile", "realPath"],
  ...["stat", "writeFile", "writeTextFile"],
];

/** Contains them. */
export function containDenoFiles(recognize: Recognize): void {
  const { Deno } = globalThis as unknown as { Deno: object };
  const all = functions.flatMap((name) => [name, `${name}Sync`]);
  replaceFunctions(Deno, [...all, "watchFs"], (own, name) => {
    const followed = (path: unknown) => follow(recognize, path);
    const second = (rest: unknown[]) =>
      name.startsWith("copyFile") ? [followed(rest[0]), ...rest.slice(1)] : rest;
    if (name.endsWith("Sync") || name === "readDir" || name === "watchFs") {
      return function (path, ...rest) {
        return own.call(this, followed(path), ...second(rest));
      };
    }
    return async function (path, ...rest) {
      return await own.call(this, followed(path), ...second(rest));
    };
  });
}
