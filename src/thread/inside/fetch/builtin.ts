/**
 * Modules of the runtime, loaded when the first request needs them: most threads make none.
 *
 * @module
 */

import process from "node:process";

type Builtin = NodeJS.Process["getBuiltinModule"];

const load: Builtin = ((name: string) => process.getBuiltinModule(name)) as Builtin;

/** The modules that requests are made with. */
export const builtin = {
  get http(): typeof import("node:http") {
    return load("node:http");
  },
  get https(): typeof import("node:https") {
    return load("node:https");
  },
  get stream(): typeof import("node:stream") {
    return load("node:stream");
  },
  get tls(): typeof import("node:tls") {
    return load("node:tls");
  },
  get zlib(): typeof import("node:zlib") {
    return load("node:zlib");
  },
};
