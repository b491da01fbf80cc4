/**
 * Built-in modules that take long to load and that most programs do not need: loaded on first use.
 *
 * @module
 */

import { createRequire } from "node:module";
import { requireBase } from "./libc.ts";

let require: ReturnType<typeof createRequire> | undefined;

function load(name: string): unknown {
  return (require ??= createRequire(requireBase()))(name);
}

/** The modules. */
export const builtin = {
  get crypto(): typeof import("node:crypto") {
    return load("node:crypto") as typeof import("node:crypto");
  },
  get dgram(): typeof import("node:dgram") {
    return load("node:dgram") as typeof import("node:dgram");
  },
  get http(): typeof import("node:http") {
    return load("node:http") as typeof import("node:http");
  },
};
