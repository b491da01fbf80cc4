/**
 * `node:inspector`.
 *
 * @module
 */

import { close, open, url } from "node:inspector";
import * as promises from "node:inspector/promises";
import { address } from "../places.ts";
import { type Group, node, type Row, sidesThatReach } from "./row.ts";

/** Bun opens the inspector on the main thread only. */
const on = [...node, "deno"] as const;

/** Which sides reach the server that is opened; it lists what may be inspected, by an id. */
async function reached(opened: () => unknown): Promise<string> {
  opened();
  const { port, pathname } = new URL(url()!);
  try {
    return await sidesThatReach({ protocol: "inspector", port: Number(port) }, pathname.slice(1));
  } finally {
    close();
  }
}

const rows: Row[] = [
  { name: "inspector.open", ask: () => reached(() => open(0, address)) },
  {
    name: "inspector.open, of node:inspector/promises",
    ask: () => reached(() => promises.open(0, address)),
  },
];

/** The inspector. */
export const inspectorGroup: Group = {
  title: "node:inspector",
  rows: rows.map((row) => ({ ...row, on })),
};
