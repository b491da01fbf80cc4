/**
 * User-mode-linux of Debian: a kernel that is a program, with link kinds and queueing disciplines
 * that the machine's own kernel may lack.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findCommand } from "../helpers/requirements.ts";

/** The kernel's program, and the library to load into it on this processor. */
export interface Kernel {
  program: string;
  /** Source of the library. */
  preload?: { compiler: string; source: string };
}

const modules = "/usr/lib/uml/modules";

/** What a package is needed for. */
const packages: Readonly<Record<string, () => boolean>> = {
  "user-mode-linux": () => findCommand("linux.uml") !== undefined && fs.existsSync(modules),
  kmod: () => findCommand("modprobe") !== undefined,
  iproute2: () => findCommand("ip") !== undefined,
  "util-linux": () => findCommand("unshare") !== undefined,
  tcc: () => !hasLargeRegisters() || compiler() !== undefined,
};

function missingPackages(): string[] {
  return Object.keys(packages).filter((name) => !packages[name]!());
}

/** The kernel, or why it cannot be had; `install` asks apt for what is missing. */
export function findKernel(
  { install = false }: { install?: boolean } = {},
): Kernel | { missing: string } {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `user-mode-linux is for linux-x64, not ${process.platform}-${process.arch}` };
  }
  if (install && missingPackages().length > 0) installPackages(missingPackages());
  const missing = missingPackages();
  if (missing.length > 0) return { missing: `not installed: ${missing.join(", ")} (Debian)` };
  const source = fileURLToPath(new URL("xstate.c", import.meta.url));
  return {
    program: findCommand("linux.uml")!,
    ...(hasLargeRegisters() ? { preload: { compiler: compiler()!, source } } : {}),
  };
}

function installPackages(names: readonly string[]): void {
  if (process.getuid?.() !== 0 || findCommand("apt-get") === undefined) return;
  console.log(`installing ${names.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: "ignore", timeout: 300_000 } as const;
  spawnSync("apt-get", ["update"], options);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...names], options);
}

/** AMX: the guest does not boot without xstate.c. */
function hasLargeRegisters(): boolean {
  return /^flags\s*:.*\bamx_tile\b/m.test(fs.readFileSync("/proc/cpuinfo", "utf8"));
}

function compiler(): string | undefined {
  return ["cc", "gcc", "clang", "tcc"].map(findCommand).find((found) => found !== undefined);
}

/** Compiles the library of a kernel into a directory; returns its file. */
export function compilePreload(
  { compiler, source }: NonNullable<Kernel["preload"]>,
  directory: string,
): string {
  const file = path.join(directory, "xstate.so");
  const args = ["-shared", "-fPIC", "-nostdlib", "-o", file, source];
  const { status, stderr, error } = spawnSync(compiler, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} fails: ${error?.message ?? stderr.trim()}`);
  return file;
}
