/**
 * Handles as they are known in a namespace thread: the main thread owns them and carries out what
 * is asked of them.
 *
 * @module
 */

import { onAbort } from "../../on_abort.ts";
import { cloneFailure } from "../clone_failure.ts";
import { decodeError, encodeError } from "../error_envelope.ts";
import { decodeValue } from "../decode_value.ts";
import { encodeValue, type HandleCodec } from "../encode_value.ts";
import type {
  Callee,
  FromThread,
  HandleDescription,
  KnownHandle,
  RemoteMethod,
  ToThread,
} from "../protocol.ts";
import { RemoteHandle } from "./remote_handle.ts";

/** What a remote call may be bound to. */
export interface RemoteCallOptions {
  signal?: AbortSignal | undefined;
  timeout?: number | undefined;
}

/** So many handles are known at least before it is looked for those that nobody has. */
const FEW = 64;

/** Runs a call to the namespace of the calling thread. */
export type RunHere = (callee: Callee, args: unknown[], signal?: AbortSignal) => Promise<unknown>;

/** The remote handles of a thread, and their requests to the main thread. */
export class RemoteHandles {
  /** The namespace of this thread, as the main thread describes it. */
  readonly description: HandleDescription;
  /** The namespace of this thread. */
  readonly self: RemoteHandle;
  readonly codec: HandleCodec = {
    encode: (value) => value instanceof RemoteHandle ? value.description.handle : undefined,
    decode: (data) => this.#handle(data as KnownHandle),
  };
  /** How handles travel within this thread. */
  readonly localCodec: HandleCodec = {
    encode: (value) => value instanceof RemoteHandle ? value.description : undefined,
    decode: this.codec.decode,
  };
  /** The id of this thread in the kernel. */
  readonly tid: () => number;
  readonly #post: (message: FromThread) => void;
  readonly #runHere: RunHere;
  /** Each for as long as somebody has it: there are many objects in one. */
  readonly #handles = new Map<number, WeakRef<RemoteHandle>>();
  #limit = FEW;
  /** Those of which the main thread says the number only. */
  readonly #introduced = new Map<number, RemoteHandle>();
  readonly #waiting = new Map<number, {
    resolve(value: unknown): void;
    reject(error: unknown): void;
  }>();
  #lastId = 0;

  constructor(
    description: HandleDescription,
    post: (message: FromThread) => void,
    tid: () => number,
    runHere: RunHere,
  ) {
    this.#runHere = runHere;
    this.tid = tid;
    this.description = description;
    this.#post = post;
    this.self = this.introduce(description);
  }

  /** Keeps a handle for the time when the main thread says its number only. */
  introduce(description: HandleDescription): RemoteHandle {
    const handle = this.#handle(description);
    this.#introduced.set(description.handle, handle);
    return handle;
  }

  #handle(known: KnownHandle): RemoteHandle {
    if (typeof known === "number") return this.#introduced.get(known)!;
    const description = known;
    let handle = this.#handles.get(description.handle)?.deref();
    if (handle === undefined) {
      if (this.#handles.size >= this.#limit) this.#letGo();
      handle = new RemoteHandle(this, description);
      this.#handles.set(description.handle, new WeakRef(handle));
    }
    return handle;
  }

  #letGo(): void {
    for (const [number, handle] of this.#handles) {
      if (handle.deref() === undefined) this.#handles.delete(number);
    }
    this.#limit = Math.max(FEW, 2 * this.#handles.size);
  }

  /** Calls a function in the namespace of a handle. */
  call(
    target: HandleDescription,
    callee: Callee,
    args: unknown[],
    options: RemoteCallOptions,
  ): Promise<unknown> {
    if (target.handle === this.description.handle && options.timeout === undefined) {
      return this.#runHere(callee, args, options.signal);
    }
    return this.request(target, "call", args, options, callee);
  }

  /** Asks the main thread to carry out a method of a handle. */
  request(
    target: HandleDescription,
    method: RemoteMethod,
    args: unknown[],
    { signal, timeout }: RemoteCallOptions = {},
    callee?: Callee,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const encoded = encodeValue(args, "args", this.codec);
      const id = ++this.#lastId;
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.#waiting.delete(id);
        this.#post({ type: "cancel", id, reason: encodeError(signal!.reason, this.codec) });
        reject(signal!.reason);
      };
      const ended = () => signal?.removeEventListener("abort", abort);
      this.#waiting.set(id, {
        resolve: (value) => (ended(), resolve(value)),
        reject: (error) => (ended(), reject(error)),
      });
      if (signal) onAbort(signal, abort);
      const request = { handle: target.handle, method, args: encoded, timeout };
      try {
        this.#post({
          type: "request",
          id,
          request: callee === undefined ? request : { ...request, callee },
        });
      } catch (error) {
        this.#waiting.delete(id);
        ended();
        reject(cloneFailure(error, args, "args"));
      }
    });
  }

  /** Settles a request with the main thread's answer. */
  settle(message: Extract<ToThread, { type: "reply" | "failure" }>): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.type === "reply") waiting.resolve(decodeValue(message.value, this.codec));
    else waiting.reject(decodeError(message.error, this.codec));
  }
}
