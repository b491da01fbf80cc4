/**
 * Speaks rtnetlink(7) over one socket: many requests at once, each with its own answer.
 *
 * @module
 */

import { Channel } from "./channel.ts";
import type { MessageReader } from "./codec/message_reader.ts";
import { NLM_F_ACK, NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE } from "./constants/netlink.ts";
import type { DisposableIterator } from "../disposable_iterator.ts";
import { Dump, interruptedError } from "./dump.ts";
import { DumpIterator } from "./dump_iterator.ts";
import { type ReplyVisitor, unanswered } from "./frames.ts";
import { changesLinks } from "./message_type.ts";
import { Pace } from "../pace.ts";
import { requireBroughtBack } from "../position.ts";
import {
  type Failure,
  fillLinks,
  type Query,
  readResult,
  type Request,
  typeOf,
} from "./request.ts";
import { undeliveredError } from "./request_error.ts";
import type { NetlinkSocket } from "./socket.ts";

/** A request that waits for its answer. */
interface Pending {
  readonly request: Request | Query<unknown>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isDump: boolean;
  /** What was read of the answer. */
  replies: unknown[];
  /** What reading it threw. */
  failure: Failure | undefined;
  answered: boolean;
  readonly resolve: (failure: Failure | undefined) => void;
}

/** Something of several requests, each made when the one before is answered. */
interface Turn {
  /** Called when all that was asked before has its answer. */
  readonly start: () => void;
  readonly queue: Queue;
  started: boolean;
  ended: boolean;
}

/** What is to be done, in order. */
type Queue = (Pending | Turn)[];

/** A receive buffer of the usual size holds 256 acknowledgements; more would be lost. */
const WINDOW = 200;

/** What a reply takes of the window: one of a link may have 4 KiB. */
const REPLY_WEIGHT = 8;

/** Bytes of one datagram; the kernel refuses those above SO_SNDBUF. */
const MAX_SENT = 128 * 1024;

/** How often a dump is tried while what it lists changes. */
const DUMP_ATTEMPTS = 10;

/** Requests to one network namespace, in the order in which they are made. */
export class Connection {
  readonly #openSocket: () => NetlinkSocket;
  readonly #closedError: () => Error;
  readonly #iterated: Set<WeakRef<NetlinkSocket>> = new Set();
  #channel: Channel | undefined;
  readonly #queue: Queue;
  /** The connection in whose turn this one makes its requests; else itself. */
  readonly #root: Connection;
  #current: readonly Pending[] = [];
  #running = false;
  #closed = false;

  /**
   * Makes a connection; its socket is opened with the first request.
   *
   * @param openSocket Makes a socket in the namespace.
   * @param closedError Makes the error of requests after {@linkcode close}.
   * @param turn Where another connection makes those of this one.
   */
  constructor(
    openSocket: () => NetlinkSocket,
    closedError: () => Error,
    turn?: { readonly of: Connection; readonly queue: Queue },
  ) {
    this.#openSocket = openSocket;
    this.#closedError = closedError;
    this.#root = turn === undefined ? this : turn.of.#root;
    this.#queue = turn === undefined ? [] : turn.queue;
  }

  /**
   * Does something of several requests: after what was asked before, and before what is asked later.
   * They have to be made on the connection that `run` is given.
   */
  inTurn<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // A turn that was on has no place in the queue any more.
      if (this.closed) return reject(this.#closedError());
      const queue: Queue = [];
      const end = () => {
        turn.ended = true;
        this.#wake();
      };
      const turn: Turn = {
        queue,
        started: false,
        ended: false,
        start: () => {
          turn.started = true;
          if (this.#root.#closed) {
            end();
            return reject(this.#closedError());
          }
          const connection = new Connection(this.#openSocket, this.#closedError, {
            of: this,
            queue,
          });
          run(connection).finally(end).then(resolve, reject);
        },
      };
      this.#queue.push(turn);
      this.#wake();
    });
  }

  /** Sends a request that is answered by success or an error. */
  async request(request: Request): Promise<void> {
    const failure = await this.#enqueue(request, [], false);
    if (failure !== undefined) throw failure();
  }

  /** Sends a request that is answered by an object: one that gets, or one with `NLM_F_ECHO`. */
  async query<T>(query: Query<T>): Promise<T[]> {
    const replies: T[] = [];
    const failure = await this.#enqueue(query, replies, false);
    if (failure !== undefined) throw failure();
    return replies;
  }

  /**
   * Gets all objects of a kind.
   *
   * @throws {NetNSError} `ERR_NETNS_DUMP_INTERRUPTED` when they change all the time.
   */
  async dump<T>(query: Query<T>): Promise<T[]> {
    const replies: T[] = [];
    const failure = await this.#enqueue(query, replies, true);
    if (failure !== undefined) throw failure();
    return replies;
  }

  /** Gets all objects of a kind, one after the other, over a socket of its own. */
  iterate<T>(query: Query<T>): DisposableIterator<T> {
    const root = this.#root;
    return new DumpIterator(query, () => root.#openIterated(), () => root.#failureOfClosed());
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#root.#closed;
  }

  /** Closes the sockets, and rejects what waits for an answer. */
  close(): void {
    this.#closed = true;
    for (const pending of this.#current) this.#settle(pending, this.#closedError);
    this.#drop(this.#queue);
    this.#dropChannel();
    for (const socket of this.#iterated) socket.deref()?.close();
    this.#iterated.clear();
  }

  #enqueue<T>(
    request: Request | Query<T>,
    replies: T[],
    isDump: boolean,
  ): Promise<Failure | undefined> {
    return new Promise((resolve) => {
      const bytes = request.message.finish();
      const pending: Pending = {
        request,
        bytes,
        isDump,
        replies,
        failure: undefined,
        answered: false,
        resolve,
      };
      if (this.#root.#closed) return this.#settle(pending, this.#closedError);
      this.#queue.push(pending);
      this.#wake();
    });
  }

  #wake(): void {
    const root = this.#root;
    if (root.#running) return;
    root.#running = true;
    queueMicrotask(() => root.#run());
  }

  /** Rejects what waits in a queue, and what begins a turn in it. */
  #drop(queue: Queue): void {
    for (const each of queue.splice(0)) {
      if (!("start" in each)) this.#settle(each, this.#closedError);
      else if (each.started) this.#drop(each.queue);
      else each.start();
    }
  }

  async #run(): Promise<void> {
    const pace = new Pace();
    for (let queue = next(this.#queue); queue !== undefined; queue = next(this.#queue)) {
      let current: Pending[] | undefined;
      try {
        requireBroughtBack();
        const channel = this.#channel ??= new Channel(this.#openSocket());
        channel.forgetNames();
        this.#current = current = this.#take(channel, queue);
        if (current[0]?.isDump) await this.#dump(channel, current[0], pace);
        else if (current.length > 0) await this.#exchange(channel, current, pace);
      } catch (error) {
        // What the socket may still receive is of no use any more.
        this.#dropChannel();
        for (const pending of current ?? takePending(queue)) {
          const undelivered = () => undeliveredError(pending.request.op, error);
          this.#settle(pending, pending.failure ?? undelivered);
        }
      }
      this.#current = [];
      if (pace.due) await pace.yield();
    }
    this.#running = false;
  }

  /** Takes what can be sent in one datagram from the queue: a dump, or as many others as fit. */
  #take(channel: Channel, queue: Queue): Pending[] {
    const taken: Pending[] = [];
    let count = 0;
    let weight = 0;
    let length = 0;
    let namesMayChange = false;
    for (const pending of queue) {
      if ("start" in pending) break;
      const { request, bytes, isDump } = pending;
      weight += "read" in request ? REPLY_WEIGHT : 1;
      length += bytes.byteLength + 3;
      const fits = weight <= WINDOW && length <= MAX_SENT && !isDump;
      const isNamed = !namesMayChange || request.message.links.length === 0;
      if (taken.length > 0 && !(fits && isNamed)) break;
      count++;
      const failure = fillLinks(channel, request, bytes);
      if (failure !== undefined) {
        this.#settle(pending, failure);
        continue;
      }
      taken.push(pending);
      if (isDump) break;
      namesMayChange ||= changesLinks(typeOf(bytes));
    }
    queue.splice(0, count);
    return taken;
  }

  /**
   * The kernel carries out the messages of a datagram in order, and answers each that fails. So the
   * last alone has to be acknowledged: by then those without an answer are done.
   */
  async #exchange(channel: Channel, requests: readonly Pending[], pace: Pace): Promise<void> {
    const first = channel.number(requests.length);
    const last = requests.length - 1;
    requests.forEach(({ bytes }, index) => {
      channel.append(bytes, index === last ? NLM_F_ACK : 0, first + index);
    });
    let done = false;
    const visit: ReplyVisitor = (type, flags, sequence, start, end) => {
      const pending = requests[sequence - first];
      if (pending === undefined) return;
      const { request, bytes } = pending;
      const { reader } = channel;
      if (type >= NLMSG_MIN_TYPE) {
        this.#read(pending, reader, type, flags, start, end);
      } else if (type === NLMSG_ERROR || type === NLMSG_DONE) {
        const refused = readResult(reader, request, typeOf(bytes), type, flags, start, end);
        if (refused !== undefined) pending.failure = refused;
        done ||= sequence - first === last;
      }
    };
    channel.send();
    while (!done) {
      if (channel.receive(visit)) pace.progress();
      else if (!(await pace.wait())) throw unanswered();
    }
    for (const pending of requests) this.#settle(pending, pending.failure);
  }

  #read(
    pending: Pending,
    reader: MessageReader,
    type: number,
    flags: number,
    start: number,
    end: number,
  ): void {
    if (!("read" in pending.request)) return;
    try {
      const reply = pending.request.read(reader, type, start, end, flags);
      if (reply !== undefined) pending.replies.push(reply);
    } catch (error) {
      pending.failure ??= () => undeliveredError(pending.request.op, error);
    }
  }

  async #dump(channel: Channel, pending: Pending, pace: Pace): Promise<void> {
    const { request, bytes, replies } = pending;
    for (let attempt = 1;; attempt++) {
      const dump = new Dump(channel, request as Query<unknown>, bytes);
      while (!dump.ended) {
        if (dump.receive(replies)) pace.progress();
        else if (!(await pace.wait())) throw unanswered();
        if (!dump.ended && pace.due) await pace.yield();
      }
      if (dump.failure !== undefined || !dump.interrupted) {
        return this.#settle(pending, dump.failure);
      }
      if (attempt === DUMP_ATTEMPTS) {
        return this.#settle(pending, () => interruptedError(request.op, replies));
      }
      replies.length = 0;
      await pace.yield();
    }
  }

  #settle(pending: Pending, failure: Failure | undefined): void {
    if (pending.answered) return;
    pending.answered = true;
    pending.request.message.release();
    pending.resolve(failure);
  }

  #openIterated(): NetlinkSocket {
    for (const socket of this.#iterated) {
      if (socket.deref() === undefined) this.#iterated.delete(socket);
    }
    const socket = this.#openSocket();
    this.#iterated.add(new WeakRef(socket));
    return socket;
  }

  #failureOfClosed(): Failure | undefined {
    return this.#closed ? this.#closedError : undefined;
  }

  #dropChannel(): void {
    this.#channel?.socket.close();
    this.#channel = undefined;
  }
}

/** The queue whose first request is next: of the turn that is on, if there is one. */
function next(queue: Queue): Queue | undefined {
  for (let first = queue[0]; first !== undefined; first = queue[0]) {
    if (!("start" in first)) return queue;
    if (!first.started) first.start();
    // Turns within it may have ended together with it.
    const within = next(first.queue);
    if (within !== undefined || !first.ended) return within;
    queue.shift();
  }
  return undefined;
}

/** Takes the requests before the first turn from a queue. */
function takePending(queue: Queue): Pending[] {
  const end = queue.findIndex((each) => "start" in each);
  return queue.splice(0, end < 0 ? queue.length : end) as Pending[];
}
