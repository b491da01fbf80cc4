/**
 * Brings up the threads that a runtime shares between all its threads, while the caller is in its
 * home namespace: they stay for life in the namespace of whoever used them first.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";

let warm = false;

/** Starts the shared threads of the runtime; returns when they exist. */
export function prewarm(): void {
  if (warm) return;
  warm = true;
  if ("Deno" in globalThis) return; // Each thread of Deno has its own pool.
  const { Bun } = globalThis as { Bun?: { file(path: string): { stat(): Promise<unknown> } } };
  if (Bun !== undefined) {
    // On the pool of node:fs, which takes 2 ms to load.
    Bun.file("/").stat().catch(() => {});
    const unreachable = { unix: "/nonexistent" } as RequestInit;
    fetch("http://localhost", unreachable).catch(() => {});
    return;
  }
  // Under node --permission files may be refused before they get to the pool.
  const { permission } = builtin.process as { permission?: unknown };
  if (permission === undefined) builtin.fs.stat("/", () => {});
  else builtin.crypto.randomFill(new Uint8Array(1), () => {});
}
