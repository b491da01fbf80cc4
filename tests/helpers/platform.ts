/**
 * Another operating system, as far as a program is told.
 *
 * @module
 */

import process from "node:process";

/** Has the process take itself to be on another operating system; returns the way back. */
export function pretendPlatform(name: string): () => void {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  Object.defineProperty(process, "platform", { value: name, configurable: true });
  if (!("Deno" in globalThis)) return () => Object.defineProperty(process, "platform", platform);
  const build = Object.getOwnPropertyDescriptor(Deno, "build")!;
  Object.defineProperty(Deno, "build", { value: { ...Deno.build, os: name }, configurable: true });
  return () => {
    Object.defineProperty(process, "platform", platform);
    Object.defineProperty(Deno, "build", build);
  };
}
