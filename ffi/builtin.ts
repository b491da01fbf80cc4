/**
 * Built-in modules, loaded on first use: most programs need few of them, and loading them takes
 * longer than loading the library. Deno loads even `process` and `Buffer` only then.
 *
 * @module
 */

interface BuiltinModules {
  /** The global one, as importing node:process makes Node open the standard streams. */
  readonly process: NodeJS.Process;
  readonly buffer: typeof import("node:buffer");
  readonly child_process: typeof import("node:child_process");
  readonly crypto: typeof import("node:crypto");
  readonly dgram: typeof import("node:dgram");
  readonly events: typeof import("node:events");
  readonly fs: typeof import("node:fs");
  readonly http: typeof import("node:http");
  readonly module: typeof import("node:module");
  readonly net: typeof import("node:net");
  readonly os: typeof import("node:os");
  readonly stream: typeof import("node:stream");
  readonly timers: typeof import("node:timers");
  readonly url: typeof import("node:url");
  readonly util: typeof import("node:util");
  readonly vm: typeof import("node:vm");
  readonly worker_threads: typeof import("node:worker_threads");
}

/** The modules. */
export const builtin: BuiltinModules = {
  get process() {
    return globalThis.process;
  },
  get buffer() {
    return load("buffer");
  },
  get child_process() {
    return load("child_process");
  },
  get crypto() {
    return load("crypto");
  },
  get dgram() {
    return load("dgram");
  },
  get events() {
    return load("events");
  },
  get fs() {
    return load("fs");
  },
  get http() {
    return load("http");
  },
  get module() {
    return load("module");
  },
  get net() {
    return load("net");
  },
  get os() {
    return load("os");
  },
  get stream() {
    return load("stream");
  },
  get timers() {
    return load("timers");
  },
  get url() {
    return load("url");
  },
  get util() {
    return load("util");
  },
  get vm() {
    return load("vm");
  },
  get worker_threads() {
    return load("worker_threads");
  },
};

function load<Name extends Exclude<keyof BuiltinModules, "process">>(
  name: Name,
): BuiltinModules[Name] {
  const value = globalThis.process.getBuiltinModule(`node:${name}`) as BuiltinModules[Name];
  Object.defineProperty(builtin, name, { value });
  return value;
}
