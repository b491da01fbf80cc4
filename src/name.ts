/**
 * Which names network namespaces may have.
 *
 * @module
 */

import { show, wrongType } from "./check.ts";
import { NetNSError } from "./errors.ts";

/** NAME_MAX of limits.h. */
const MAX_LENGTH = 255;

/**
 * Requires a name for a new namespace, which no tool mistakes for an option or two lines. `argument`
 * is what the caller calls it.
 */
export function checkName(name: unknown, argument = "name"): string {
  const checked = checkExistingName(name, argument);
  if (checked.startsWith("-")) refuse(checked, `it starts with "-"`);
  if (checked.includes("\n")) refuse(checked, "it contains a newline");
  return checked;
}

/** Requires a name that a namespace can have, also one that `ip netns` made. */
export function checkExistingName(name: unknown, argument = "name"): string {
  if (typeof name !== "string") throw wrongType(argument, "a string", name);
  if (name === "") refuse(name, "it is empty");
  if (name === "." || name === "..") refuse(name, "it means a directory");
  if (name.includes("/")) refuse(name, `it contains "/"`);
  if (name.includes("\0")) refuse(name, "it contains NUL");
  if (!isReadable(name)) refuse(name, "it contains an unpaired surrogate");
  if (encoder.encode(name).byteLength > MAX_LENGTH) {
    refuse(name, `it is longer than ${MAX_LENGTH} bytes`);
  }
  return name;
}

const encoder = new TextEncoder();

/** A byte order mark is a part of a name, too. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The name of a file as text. One that is no UTF-8 becomes text that no file has, so that it is taken
 * for no other: of each byte above 127 a lone surrogate, U+DC80 to U+DCFF.
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    const units = Array.from(bytes, (byte) => byte < 0x80 ? byte : 0xdc00 | byte);
    return String.fromCharCode(...units);
  }
}

/** Whether a name is text, without which no function takes it. */
export function isReadable(name: string): boolean {
  return !/\p{Surrogate}/u.test(name);
}

/** A decoded name with its bytes, as a shell takes it within `$''`. */
export function escapeName(name: string): string {
  return name.replace(/[\\']/g, "\\$&").replace(
    /[\p{Cc}\u{dc80}-\u{dcff}]/gu,
    (unit) => `\\x${(unit.charCodeAt(0) & 0xff).toString(16).padStart(2, "0")}`,
  );
}

function refuse(name: string, reason: string): never {
  throw new NetNSError(`Cannot use ${show(name)} as the name of a network namespace: ${reason}`, {
    code: "ERR_NETNS_NAME_INVALID",
  });
}
