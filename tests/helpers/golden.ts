/**
 * The messages between iproute2 and the kernel in `tests/fixtures/netlink/`.
 *
 * @module
 */

import fs from "node:fs";

/** One command of iproute2. */
export interface GoldenVector {
  /** The command. */
  readonly cmd: string;
  /** The messages that it sent. */
  readonly tx: readonly Uint8Array<ArrayBuffer>[];
  /** The datagrams that it received. */
  readonly rx: readonly Uint8Array<ArrayBuffer>[];
  /** What it printed. */
  readonly out: string;
}

type Recorded = Record<"tx" | "rx", string[]> & Record<"cmd" | "out", string>;

/** Bytes written in hex. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** All commands, in the order in which they were given. */
export function goldenVectors(): GoldenVector[] {
  const text = fs.readFileSync(goldenFile("golden.json"), "utf8");
  return (JSON.parse(text) as Recorded[]).map(({ cmd, tx, rx, out }) => ({
    cmd,
    tx: tx.map(fromHex),
    rx: rx.map(fromHex),
    out,
  }));
}

/** The path of one of the files. */
export function goldenFile(name: string): URL {
  return new URL(`../fixtures/netlink/${name}`, import.meta.url);
}
