/**
 * What is printed: lines, tables, JSON; colours only for people, and no control characters, which
 * names may have, for terminals.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import fs from "node:fs";
import process from "node:process";
import { styleText } from "node:util";

/** Prints a line. */
export function print(line: string): void {
  write(STDOUT, `${forTerminal(line)}\n`);
}

/** Prints lines. */
export function printText(text: string): void {
  write(STDOUT, `${text.split("\n").map(forTerminal).join("\n")}\n`);
}

/**
 * Writes to a standard stream. The consoles of some runtimes would not tell that nobody reads it, or
 * would add colours.
 */
function write(stream: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += fs.writeSync(stream, bytes, written);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") {
        pause();
        continue;
      }
      if (stream === STDERR) return;
      // A reader that has enough, as `head`, is no error.
      if (code === "EPIPE") process.exit(0);
      printError(`cannot write the output: ${message}`);
      process.exit(1);
    }
  }
}

const STDOUT = 1;
const STDERR = 2;

/** Waits a little for a slow reader of a pipe that does not block. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(
    value,
    (_name, member) => typeof member === "bigint" ? String(member) : member,
    process.stdout.isTTY ? 2 : undefined,
  );
  const escaped = (control: string) => control === "\n" ? control : `\\u${hexadecimal(control, 4)}`;
  write(STDOUT, `${process.stdout.isTTY ? text.replace(controls, escaped) : text}\n`);
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

/** The columns that a text takes. */
function widthOf(text: string): number {
  return (process.stdout.isTTY ? visible(text) : text).replace(/\p{Surrogate}/gu, "").length;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}

const styles = ["bold", "red", "green", "yellow", "dim"] as const;

/** Text in a style, where the output is a terminal and NO_COLOR is not set. */
export function styled(style: typeof styles[number], text: string): string {
  const plain = process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== "" ||
    !process.stdout.isTTY;
  return plain ? text : `${String.fromCharCode(START + styles.indexOf(style))}${text}${END}`;
}

/**
 * What stands around styled text until it is printed. No text that was read has an unpaired
 * surrogate, so no name can be taken for one of them.
 */
const START = 0xdc00;
const END = "\udcff";

/** A line as it may go to a terminal, else as it is. */
function forTerminal(line: string): string {
  if (!process.stdout.isTTY) return line;
  return visible(line).replace(
    /([\udc00-\udc04])([^\udcff]*)\udcff/gu,
    (_, start: string, text: string) =>
      styleText(styles[start.charCodeAt(0) - START]!, text, { validateStream: false }),
  );
}

/** What moves the cursor, or changes how a terminal behaves or in which order it shows text. */
// deno-lint-ignore no-control-regex
const controls = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text with its control characters written out. */
export function visible(text: string): string {
  return text.replace(
    controls,
    (control) =>
      control < "\x80" ? `\\x${hexadecimal(control, 2)}` : `\\u${hexadecimal(control, 4)}`,
  );
}

function hexadecimal(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

/** Prints an error, and what to do about it. */
export function printError(message: string, hint?: string): void {
  const shown = process.stderr.isTTY ? visible : (text: string) => text;
  printToStderr(`netns: ${shown(message)}`);
  if (hint !== undefined) printToStderr(`  hint: ${shown(hint)}`);
}

/** Prints lines of our own to stderr. */
export function printToStderr(text: string): void {
  write(STDERR, `${text}\n`);
}

/** Prints what could not be done and is no reason to stop, and what to do about it. */
export function printWarning(message: string, hint?: string): void {
  printError(`warning: ${message}`, hint);
}
