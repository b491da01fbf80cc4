/**
 * What a command of `netns` is.
 *
 * @module
 */

import type { CString } from "../../ffi/libc.ts";

/** An option of a command. */
export interface Option {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What it does, in one line. */
  readonly help: string;
  /** What its value is, in capitals: `PATH`. */
  readonly value?: string;
  /** What its value may be, where that is one of some words. */
  readonly choices?: readonly string[];
}

/** What was written on the command line. */
export interface Given {
  /** Options by name. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** What is no option; of a command that runs a program, what stands before it. */
  readonly positionals: readonly string[];
  /** The program and its arguments; bytes where they are no UTF-8. */
  readonly program: readonly CString[];
}

/** A command: its words for people, and what it does. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What it does, in one line. */
  readonly summary: string;
  /** What follows the name, as in `NAME [PID]`; words without brackets must be there. */
  readonly usage: string;
  /** More about it: paragraphs, with an empty line between them. */
  readonly details?: string;
  /** One line that works. */
  readonly example: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** How many positionals it takes at least and at most. */
  readonly positionals?: readonly [min: number, max: number];
  /**
   * Whether a program follows, whose options are not ours: after `--`, or after this many
   * positionals where none of the options that stand for them is there.
   */
  readonly program?: {
    readonly positionalsBefore: number;
    readonly optionsInstead: readonly string[];
  };
  /** Does it; the exit code, 0 when there is none. */
  run(given: Given): Promise<number | void> | number | void;
}

/** A mistake on the command line: exit code 2. */
export class UsageError extends Error {
  readonly command: Command | undefined;

  constructor(message: string, command?: Command) {
    super(message);
    this.command = command;
  }
}

/** Options that many commands have. */
export const common: { readonly [Name in "dir" | "json"]: Option } = {
  json: { type: "boolean", short: "j", help: "print JSON" },
  dir: { type: "string", value: "PATH", help: "where the names are, in place of /run/netns" },
};
