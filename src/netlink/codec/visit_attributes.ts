/**
 * Goes through the attributes of a message, without a table of what they are.
 *
 * @module
 */

import { NLA_TYPE_MASK } from "../constants/netlink.ts";
import type { MessageReader } from "./message_reader.ts";
import { NLA_HDRLEN } from "./message_writer.ts";

/** Takes one attribute: its number, and where its payload starts and ends. */
export type AttributeVisitor = (type: number, start: number, end: number) => void;

/** Visits the attributes between two offsets, in order, up to one that is malformed. */
export function visitAttributes(
  reader: MessageReader,
  start: number,
  end: number,
  visit: AttributeVisitor,
): void {
  while (end - start >= NLA_HDRLEN) {
    const length = reader.u16(start);
    if (length < NLA_HDRLEN || length > end - start) return;
    visit(reader.u16(start + 2) & NLA_TYPE_MASK, start + NLA_HDRLEN, start + length);
    start += (length + 3) & ~3;
  }
}
