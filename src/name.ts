/**
 * Which names network namespaces may have.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { show, wrongType } from "./check.ts";
import { NetNSError } from "./errors.ts";

/** NAME_MAX of limits.h. */
const MAX_LENGTH = 255;

/** Requires a name for a new namespace, which no tool mistakes for an option or two lines. */
export function checkName(name: unknown): string {
  const checked = checkExistingName(name);
  if (checked.startsWith("-")) refuse(checked, `it starts with "-"`);
  if (checked.includes("\n")) refuse(checked, "it contains a newline");
  return checked;
}

/** Requires a name that a namespace can have, also one that `ip netns` made. */
export function checkExistingName(name: unknown): string {
  if (typeof name !== "string") throw wrongType("name", "a string", name);
  if (name === "") refuse(name, "it is empty");
  if (name === "." || name === "..") refuse(name, "it means a directory");
  if (name.includes("/")) refuse(name, `it contains "/"`);
  if (name.includes("\0")) refuse(name, "it contains NUL");
  if (/\p{Surrogate}/u.test(name)) refuse(name, "it contains an unpaired surrogate");
  if (Buffer.byteLength(name) > MAX_LENGTH) refuse(name, `it is longer than ${MAX_LENGTH} bytes`);
  return name;
}

function refuse(name: string, reason: string): never {
  throw new NetNSError(`Cannot use ${show(name)} as the name of a network namespace: ${reason}`, {
    code: "ERR_NETNS_NAME_INVALID",
  });
}
