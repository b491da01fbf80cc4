/**
 * Running out of file descriptors, and back.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import fs from "node:fs";
import { O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import { libc } from "../../src/libc.ts";
import { openFiles } from "./process_state.ts";

/** Runs a synchronous function while this process can open no more than `free` descriptors. */
export function withFreeDescriptors<T>(free: number, run: () => T): T {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(fs.readFileSync("/proc/self/limits", "utf8"))!;
  const { close, open } = libc();
  setLimit(String(Math.max(...openFiles().map(({ fd }) => fd)) + free + 20));
  const taken: number[] = [];
  try {
    for (;;) {
      const fd = open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
      if (fd < 0) break;
      taken.push(fd);
    }
    for (let count = 0; count < free; count++) close(taken.pop()!);
    return run();
  } finally {
    taken.forEach((fd) => close(fd));
    setLimit(soft!);
  }
}

function setLimit(soft: string): void {
  const { stderr } = spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${soft}:`]);
  if (stderr.length > 0) throw new Error(String(stderr));
}
