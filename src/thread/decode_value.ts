/**
 * Puts the special objects of a message back in place of their placeholders.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import type { EncodedValue, HandleCodec } from "./encoded_value.ts";
import { put } from "./put.ts";
import { completeError, createError } from "./rebuild_error.ts";

/**
 * The value that was encoded.
 *
 * @param encoded What arrived.
 * @param handles How handles travel.
 * @returns The value; containers of the message are changed in place.
 */
export function decodeValue(encoded: EncodedValue, handles: HandleCodec): unknown {
  const { value, replaced, holders = [] } = encoded;
  if (replaced === undefined) return value;
  const originals = new Map<unknown, unknown>();
  const swap = (member: unknown) => originals.has(member) ? originals.get(member) : member;
  for (const [placeholder, kind, data] of replaced) {
    if (kind === "handle") originals.set(placeholder, handles.decode(data));
    else if (kind === "error") originals.set(placeholder, createError(data, handles));
    else {
      originals.set(
        placeholder,
        builtin.buffer.Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      );
    }
  }
  for (const holder of holders) swapMembers(holder, swap);
  // Errors may refer to one another: all of them exist by now.
  for (const [placeholder, kind, data] of replaced) {
    if (kind === "error") completeError(swap(placeholder) as Error, data, swap);
  }
  return swap(value);
}

/** Swaps the members of a container; the order of a map or a set stays. */
function swapMembers(holder: object, swap: (member: unknown) => unknown): void {
  if (holder instanceof Map) {
    const entries = [...holder];
    holder.clear();
    for (const [key, member] of entries) holder.set(swap(key), swap(member));
  } else if (holder instanceof Set) {
    const members = [...holder];
    holder.clear();
    for (const member of members) holder.add(swap(member));
  } else {
    for (const [key, member] of Object.entries(holder)) {
      const original = swap(member);
      if (original !== member) put(holder, key, original);
    }
  }
}
