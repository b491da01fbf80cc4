/**
 * Where libc is found: under its soname, else at the usual absolute paths.
 *
 * @module
 */

import { arch } from "./machine.ts";

const machine: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** The names to try, in order; only `library` when the user named one. */
export function libraryNames(library?: string): string[] {
  return library === undefined ? [...sonames(), ...libraryPaths()] : [library];
}

function machineName(): string {
  return machine[arch()] ?? arch();
}

function sonames(): string[] {
  return ["libc.so.6", `libc.musl-${machineName()}.so.1`];
}

/** Absolute paths of libc on the usual distributions, glibc first. */
export function libraryPaths(): string[] {
  const name = machineName();
  return [
    `/lib/${name}-linux-gnu/libc.so.6`,
    `/usr/lib/${name}-linux-gnu/libc.so.6`,
    "/lib64/libc.so.6",
    "/usr/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/libc.so.6",
    `/lib/libc.musl-${name}.so.1`,
    `/lib/ld-musl-${name}.so.1`,
  ];
}
