/**
 * Which failed system call an error of the runtime tells of.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { errnoName } from "./errors.ts";

/** The name of the errno: the code of the error on Node, in its message on Deno and Bun. */
export function errnoOf(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const isName = (name: unknown) => Object.hasOwn(builtin.os.constants.errno, String(name));
  if (isName(code)) return String(code);
  const text = String(message);
  const number = /\(os error (\d+)\)/.exec(text)?.[1];
  return number === undefined ? text.match(/\bE[A-Z0-9]+\b/g)?.find(isName) : errnoName(+number);
}
