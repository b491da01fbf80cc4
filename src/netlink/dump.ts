/**
 * One dump: a request that the kernel answers with all objects of a kind, in many datagrams.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import type { Channel } from "./channel.ts";
import {
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_MIN_TYPE,
} from "./constants/netlink.ts";
import type { ReplyVisitor } from "./frames.ts";
import { type Failure, type Query, readResult, typeOf } from "./request.ts";

/** A dump on its way, on a channel that has nothing else on its way. */
export class Dump<T> {
  /** Whether all was received. */
  ended = false;
  /** Whether the objects changed meanwhile, so that some may be missing or be there twice. */
  interrupted = false;
  /** Why the kernel ended it. */
  failure: Failure | undefined;
  readonly #channel: Channel;
  readonly #visit: ReplyVisitor;
  #into: T[] = [];

  /** Sends the request. */
  constructor(channel: Channel, query: Query<T>, bytes: Uint8Array) {
    const number = channel.number(1);
    const requestType = typeOf(bytes);
    this.#channel = channel;
    this.#visit = (type, flags, sequence, start, end) => {
      if (sequence !== number || this.ended) return;
      if ((flags & NLM_F_DUMP_INTR) !== 0) this.interrupted = true;
      if (type >= NLMSG_MIN_TYPE) {
        const object = query.read(channel.reader, type, start, end, flags);
        if (object !== undefined) this.#into.push(object);
      } else if (type === NLMSG_DONE || type === NLMSG_ERROR) {
        this.ended = true;
        this.failure = readResult(channel.reader, query, requestType, type, flags, start, end);
      }
    };
    channel.append(bytes, NLM_F_DUMP, number);
    channel.send();
  }

  /** Reads one datagram, and puts what it holds into an array; false when there is none yet. */
  receive(into: T[]): boolean {
    this.#into = into;
    return this.#channel.receive(this.#visit);
  }
}

/** The error of a dump of what kept changing. */
export function interruptedError(op: string, partial?: readonly unknown[]): NetNSError {
  return new NetNSError(`${op} was interrupted: what it lists changed meanwhile`, {
    code: "ERR_NETNS_DUMP_INTERRUPTED",
    op,
    partial,
    hint: "objects may be missing or be listed twice: try again",
  });
}
