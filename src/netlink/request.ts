/**
 * What a connection sends, and what its sender wants to know of the answer.
 *
 * @module
 */

import type { Channel } from "./channel.ts";
import { MessageReader } from "./codec/message_reader.ts";
import type { MessageWriter } from "./codec/message_writer.ts";
import { type Extack, extackStart, readExtack } from "./extack.ts";
import { resultOf } from "./frames.ts";
import { noSuchLinkError, refusedError, undeliveredError } from "./request_error.ts";
import { NLMSG_ERROR } from "./constants/netlink.ts";

/** Names the attribute of a message that is at an offset: `IFLA_LINKINFO/IFLA_INFO_KIND`. */
export type DescribeAttribute = (message: MessageReader, offset: number) => string | undefined;

/** What helps against the error of a request; undefined where its type and the errno tell. */
export type Hint = (code: string, extack: Extack | undefined) => string | undefined;

/** A message to send. The connection adds the flags that say what answer is wanted. */
export interface Request {
  readonly message: MessageWriter;
  /** What it does, for errors: `link add v0`. */
  readonly op: string;
  readonly describe?: DescribeAttribute | undefined;
  readonly hint?: Hint | undefined;
}

/**
 * Reads a message of the answer, whose fixed header starts at `start`; `undefined` leaves it out.
 * `flags` tells by `NLM_F_DUMP_FILTERED` whether the kernel heeded the filters of the request.
 */
export type ReadReply<T> = (
  reader: MessageReader,
  type: number,
  start: number,
  end: number,
  flags: number,
) => T | undefined;

/** A message whose answer is read. */
export interface Query<T> extends Request {
  readonly read: ReadReply<T>;
}

/**
 * Makes the error of a request. Called where the caller waits, so that the error has its stack.
 */
export type Failure = () => unknown;

/** The type of a finished message. */
export function typeOf(message: Uint8Array): number {
  return message[4]! | (message[5]! << 8);
}

function putU32(bytes: Uint8Array, offset: number, value: number): void {
  for (let byte = 0; byte < 4; byte++) bytes[offset + byte] = value >>> 8 * byte;
}

/** Puts the indices of the links that a message names into it. */
export function fillLinks(
  channel: Channel,
  { message, op }: Request,
  bytes: Uint8Array,
): Failure | undefined {
  try {
    for (const { offset, name, option } of message.links) {
      const index = channel.linkIndex(name);
      if (index === undefined) return () => noSuchLinkError(op, option, name);
      putU32(bytes, offset, index);
    }
  } catch (error) {
    return () => undeliveredError(op, error);
  }
  return undefined;
}

/** Reads an `NLMSG_ERROR` or `NLMSG_DONE`: `undefined` means success. */
export function readResult(
  reader: MessageReader,
  { message, op, describe, hint }: Request,
  requestType: number,
  type: number,
  flags: number,
  start: number,
  end: number,
): Failure | undefined {
  // NLMSG_DONE may be empty.
  if (type !== NLMSG_ERROR && start === end) return undefined;
  const result = resultOf(reader, start, end);
  if (result === 0) return undefined;
  const attributes = extackStart(reader, type, flags, start, end);
  const extack = readExtack(
    reader,
    attributes,
    end,
    (offset) => describe?.(new MessageReader(message.finish()), offset),
  );
  return () => refusedError({ op, type: requestType, result, extack, hint });
}
