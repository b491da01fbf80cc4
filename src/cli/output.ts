/**
 * What is printed: lines, tables, JSON; colours only for people.
 *
 * @module
 */

import process from "node:process";
import { styleText } from "node:util";
import type { NetNSError } from "../../mod.ts";

/** Prints a line. */
export function print(line: string): void {
  console.log(line);
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(
    value,
    (_name, member) => typeof member === "bigint" ? String(member) : member,
    process.stdout.isTTY ? 2 : undefined,
  ));
}

/** Prints rows in columns; the last column is not padded. */
export function printTable(rows: readonly (readonly string[])[], indent = ""): void {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, cell.length));
  }
  for (const row of rows) {
    print(
      (indent +
        row.map((cell, index) => index === row.length - 1 ? cell : cell.padEnd(widths[index]!))
          .join("  ")).trimEnd(),
    );
  }
}

/** Text in a style, where the output is a terminal and NO_COLOR is not set. */
export function styled(style: "bold" | "red" | "green" | "yellow" | "dim", text: string): string {
  const plain = process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== "" ||
    !process.stdout.isTTY;
  return plain ? text : styleText(style, text);
}

/** Prints an error, and what to do about it. */
export function printError(message: string, hint?: string): void {
  console.error(`netns: ${message}`);
  if (hint !== undefined) console.error(`  hint: ${hint}`);
}

/** The exit code of an error: 2 where the command line was wrong. */
export function exitCodeOf({ code }: NetNSError): number {
  return code === "ERR_NETNS_NAME_INVALID" ? 2 : 1;
}
