/**
 * What is printed: lines, tables, JSON; colours only for people.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import fs from "node:fs";
import process from "node:process";
import { stripVTControlCharacters, styleText } from "node:util";
import type { NetNSError } from "../errors.ts";

/** Prints a line; the console of some runtimes would not tell that nobody reads it. */
export function print(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    try {
      written += fs.writeSync(STDOUT, bytes, written);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") {
        pause();
        continue;
      }
      // A reader that has enough, as `head`, is no error.
      if (code === "EPIPE") process.exit(0);
      printError(`cannot write the output: ${message}`);
      process.exit(1);
    }
  }
}

const STDOUT = 1;

/** Waits a little for a slow reader of a pipe that does not block. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  print(JSON.stringify(
    value,
    (_name, member) => typeof member === "bigint" ? String(member) : member,
    process.stdout.isTTY ? 2 : undefined,
  ));
}

/** Prints rows in columns; the last column is not padded. */
export function printTable(rows: readonly (readonly string[])[], indent = ""): void {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, widthOf(cell)));
  }
  for (const row of rows) {
    print(
      (indent +
        row.map((cell, index) => index === row.length - 1 ? cell : pad(cell, widths[index]!))
          .join("  ")).trimEnd(),
    );
  }
}

/** The columns that a text takes in a terminal. */
function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}

/** Text in a style, where the output is a terminal and NO_COLOR is not set. */
export function styled(style: "bold" | "red" | "green" | "yellow" | "dim", text: string): string {
  const plain = process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== "" ||
    !process.stdout.isTTY;
  return plain ? text : styleText(style, text, { validateStream: false });
}

/** Prints an error, and what to do about it. */
export function printError(message: string, hint?: string): void {
  console.error(`netns: ${message}`);
  if (hint !== undefined) console.error(`  hint: ${hint}`);
}

/** Prints what could not be done and is no reason to stop, and what to do about it. */
export function printWarning(message: string, hint?: string): void {
  printError(`warning: ${message}`, hint);
}

/** The exit code of an error: 2 where the command line was wrong. */
export function exitCodeOf({ code }: NetNSError): number {
  return code === "ERR_NETNS_NAME_INVALID" ? 2 : 1;
}
