/**
 * The messages in a datagram: each begins with a `struct nlmsghdr`, at a multiple of four bytes.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import type { MessageReader } from "./codec/message_reader.ts";
import { NLMSG_HDRLEN } from "./codec/message_writer.ts";

/**
 * Takes one message: its `nlmsg_type`, `nlmsg_flags`, `nlmsg_seq` and `nlmsg_pid`, and where in the
 * buffer what follows its header starts and ends.
 */
export type FrameVisitor = (
  type: number,
  flags: number,
  sequence: number,
  port: number,
  start: number,
  end: number,
) => void;

/** As {@linkcode FrameVisitor}, of what was sent to this socket alone. */
export type ReplyVisitor = (
  type: number,
  flags: number,
  sequence: number,
  start: number,
  end: number,
) => void;

/**
 * Visits the messages in the first `length` bytes of a buffer, in order.
 *
 * @throws {NetNSError} `EBADMSG` when the bytes are no messages.
 */
export function visitFrames(reader: MessageReader, length: number, visit: FrameVisitor): void {
  for (let start = 0; start < length;) {
    if (length - start < NLMSG_HDRLEN) throw malformed(`${length - start} bytes are no header`);
    const size = reader.u32(start);
    if (size < NLMSG_HDRLEN || size > length - start) {
      throw malformed(`a message of ${size} bytes in ${length - start}`);
    }
    const end = start + size;
    visit(
      reader.u16(start + 4),
      reader.u16(start + 6),
      reader.u32(start + 8),
      reader.u32(start + 12),
      start + NLMSG_HDRLEN,
      end,
    );
    start = (end + 3) & ~3;
  }
}

/** The error of bytes that are not what they must be. */
export function malformed(what: string): NetNSError {
  return new NetNSError(`Cannot read a netlink message: ${what}`, { code: "EBADMSG" });
}

/** The errno of an `NLMSG_ERROR` or `NLMSG_DONE`, as `-errno`. */
export function resultOf(reader: MessageReader, start: number, end: number): number {
  if (end - start < 4) throw malformed(`a result of ${end - start} bytes`);
  const result = reader.i32(start);
  return result > 0 ? -result : result;
}

/** The error when the kernel had to drop answers. It is none of an acknowledgement. */
export function overrun(): NetNSError {
  return new NetNSError("Cannot receive what the kernel answered: recv failed with ENOBUFS", {
    code: "ENOBUFS",
    syscall: "recv",
    hint: "the receive buffer was full; whether the request took effect is not known",
  });
}

/** The error when the kernel does not answer. */
export function unanswered(): NetNSError {
  return new NetNSError("Cannot receive an answer: the kernel sent none", { code: "ETIMEDOUT" });
}
