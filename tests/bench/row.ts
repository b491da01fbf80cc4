/**
 * A row of the table: what is measured, beside what, and the goal.
 *
 * @module
 */

import type { RuntimeName } from "../runner/runtimes.ts";
import type { Measurements, Setting } from "./measurement.ts";

/** Something that is measured beside others: in each runtime, or by a program of its own. */
export interface Contender {
  /** The measurement of the family that a runtime makes, or the program of a peer. */
  readonly run: { readonly measurement: string } | Peer;
  /** How it is called in the table. */
  readonly label: string;
  /** Samples a round. */
  readonly samples: number;
  /** Whether it is started anew for each round. */
  readonly fresh?: boolean;
}

/** A program in the directory of the peers. */
export interface Peer {
  readonly language: "c" | "go" | "python" | "shell" | "npm";
  /** The file without its ending; in Go, the measurement of the one program. */
  readonly program: string;
  readonly args?: (setting: Setting) => readonly string[];
}

/** What is hoped for. */
export type Goal =
  /** Ours may take so many times what the rival takes. */
  | { readonly atMost: number }
  /** Ours is to be so many times faster than the rival. */
  | { readonly faster: number | Readonly<Record<RuntimeName, number>> }
  /** Ours may be so many units. */
  | { readonly upTo: number };

/** What the samples of a row are. */
export type Unit = "ns" | "bytes" | "count";

/** A row of the table. */
export interface Row {
  readonly title: string;
  readonly ours: Contender;
  /** What the goal compares with. */
  readonly rival?: Contender;
  readonly goal: Goal;
  readonly unit?: Unit;
}

/** Rows that share what is measured; all of it takes turns. */
export interface Family {
  readonly name: string;
  readonly measurements: Measurements;
  /** Asks for a namespace with so many routes, made once for all. */
  readonly routes?: number;
  readonly rows: readonly Row[];
}
