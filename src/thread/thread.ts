/**
 * A thread that is born in a network namespace and stays there for life: the parent's side.
 *
 * @module
 */

import type { Transferable, Worker } from "node:worker_threads";
import { builtin } from "../../ffi/builtin.ts";
import type { NameConfiguration } from "../dns/configuration.ts";
import { NetNSError } from "../errors.ts";
import type { FetchHead, FetchOrder } from "../fetch/order.ts";
import { libc, libraryFromEnvironment, requireBase } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { onAbort } from "../on_abort.ts";
import { inside } from "../position.ts";
import { callError } from "./call_error.ts";
import { cloneFailure } from "./clone_failure.ts";
import { decodeValue } from "./decode_value.ts";
import { encodeValue, type HandleCodec } from "./encode_value.ts";
import {
  appendCallerStack,
  decodeError,
  type EncodedError,
  encodeError,
} from "./error_envelope.ts";
import { known } from "./known_threads.ts";
import { isThere, untilGone } from "./kernel_thread.ts";
import { loader } from "./loader.ts";
import { isPrimitive } from "./members.ts";
import { Outbox } from "./outbox.ts";
import { type PendingCall, PendingCalls } from "./pending_calls.ts";
import { program } from "./program.ts";
import type {
  Callee,
  FromThread,
  HandleDescription,
  KnownHandle,
  RemoteRequest,
  ThreadData,
  ToThread,
} from "./protocol.ts";
import { sharedProgram } from "./shared_program.ts";
import { startError, startWorker } from "./start_worker.ts";
import { nameThread, unnameThread } from "./thread_name.ts";
import { removeWorkerDirectory, workerDirectory } from "./worker_files.ts";

/** How long an aborted call may keep the thread from answering before the thread is terminated. */
const YIELD_WITHIN = 1000;

/** How long a terminated thread may take to be gone. */
const GONE_WITHIN = 5000;

/** What the owner of a thread does for it. */
export interface ThreadOwner {
  /** The namespace of the thread, as it is known inside. */
  readonly self: HandleDescription;
  /** How handles travel to the thread and back. */
  readonly handles: HandleCodec;
  /** How names are resolved inside. */
  readonly names: NameConfiguration;
  /** After so many ms without a call the thread ends; undefined when it stays. */
  readonly idleMs: number | undefined;
  /** Carries out what a remote handle asks for. */
  carryOut(request: RemoteRequest, args: unknown[], signal: AbortSignal): Promise<unknown>;
  /** Ends what it carries out for a thread that is gone. */
  threadEnded(): void;
}

/** What a call may be bound to. */
export interface CallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
  /** Aborts the call after this many milliseconds. */
  timeout?: number | undefined;
  /** Objects among the arguments to be moved rather than copied. */
  transfer?: readonly object[] | undefined;
}

/** A namespace thread. Calls run concurrently on its event loop; none waits for another. */
export class NamespaceThread {
  /** Thread id in the kernel; undefined before the thread has started. */
  tid: number | undefined;
  readonly #namespace: Namespace;
  readonly #owner: ThreadOwner;
  readonly #worker: Worker;
  readonly #calls: PendingCalls;
  readonly #outbox: Outbox;
  readonly #carriedOut = new Map<number, AbortController>();
  readonly #unanswered = new Map<number, ReturnType<typeof setTimeout>>();
  /** The bodies of responses that are being read. */
  readonly #bodies = new Set<number>();
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  /** The hosts that the thread was told of. */
  readonly #introduced = new Set<HandleDescription>();
  readonly #exited: Promise<void>;
  readonly #directory = workerDirectory();
  #keepsAlive: boolean;
  #started: Promise<void>;
  #onStarted: (() => void) | undefined;
  /** What the thread died of: any value can be thrown. */
  #uncaught: { error: unknown } | undefined;
  #ended: NetNSError | undefined;

  /** Starts a thread in `namespace`. The caller's thread enters it for the start, and comes back. */
  constructor(namespace: Namespace, owner: ThreadOwner, keepsAlive: boolean) {
    this.#namespace = namespace;
    this.#owner = owner;
    this.#keepsAlive = keepsAlive;
    const data: ThreadData = {
      self: owner.self,
      library: libraryFromEnvironment(),
      base: requireBase(),
      names: owner.names,
      program,
      ...sharedProgram(),
      directory: this.#directory,
    };
    const name = `netns:${namespace.inode}`;
    this.#worker = inside(
      namespace,
      () => startWorker(namespace, { program: loader, name, workerData: data }),
    );
    namespace.hold();
    known.add(this);
    this.#calls = new PendingCalls(() => this.#becameBusy(), () => this.#becameIdle());
    this.#outbox = new Outbox(
      (message, transfer) => {
        // Deno takes a faster way where there is no second argument.
        if (transfer === undefined) this.#worker.postMessage(message);
        else this.#worker.postMessage(message, transfer as Transferable[]);
      },
      (id, cause) => this.#calls.take(id)?.reject(cloneFailure(cause, [], "args")),
    );
    this.#worker.on("message", (message: FromThread) => {
      try {
        this.#receive(message);
      } catch (error) {
        this.#terminate(error);
      }
    });
    this.#worker.on("messageerror", (error) => this.#terminate(error));
    this.#worker.on("error", (error: unknown) => this.#uncaught = { error });
    this.#started = new Promise((resolve) => this.#onStarted = resolve);
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        try {
          this.#onExit(code);
        } finally {
          this.#letGo();
          resolve();
        }
      });
    });
    this.#worker.unref();
  }

  #becameBusy(): void {
    if (this.#keepsAlive) this.#worker.ref();
    builtin.timers.clearTimeout(this.#idleTimer);
  }

  #becameIdle(): void {
    this.#worker.unref();
    if (this.#owner.idleMs !== undefined) this.#endWhenIdle(this.#owner.idleMs);
  }

  #endWhenIdle(ms: number): void {
    this.#idleTimer = builtin.timers.setTimeout(() => {
      if (this.#bodies.size > 0) return this.#endWhenIdle(ms);
      // Who closes the handle ends what could not be ended now, and is told.
      this.end(this.#exitedError(`The ${this.label} was idle`)).catch(() => {});
    }, ms);
    this.#idleTimer.unref();
  }

  #letGo(): void {
    if (!known.delete(this)) return;
    if (this.tid !== undefined) unnameThread(libc(), this.tid);
    builtin.timers.clearTimeout(this.#idleTimer);
    removeWorkerDirectory(this.#directory);
    this.#namespace.release();
    this.#onStarted?.();
  }

  /** The inode of the namespace that the thread is in. */
  get inode(): number {
    return this.#namespace.inode;
  }

  /** How messages name the thread. */
  get label(): string {
    return `thread of ${this.#namespace.label}`;
  }

  /** Whether the thread is, or is about to be, no more. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Whether a pending call keeps the process alive. */
  set keepsAlive(value: boolean) {
    this.#keepsAlive = value;
    if (this.#calls.size === 0) return;
    if (value) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Runs a function inside; the promise settles with its outcome. */
  call(
    callee: Callee,
    args: readonly unknown[],
    host: object,
    options: CallOptions,
  ): Promise<unknown> {
    const description = this.#owner.handles.encode(host) as HandleDescription;
    const encoded = encodeValue(args, "args", this.#owner.handles, options.transfer);
    const isPlain = "source" in callee && encoded.replaced === undefined;
    const isPrimitiveOnly = isPlain && args.every(isPrimitive);
    const { transfer } = options;
    return this.#send(
      (id) => {
        const host = this.#introduce(description);
        if (isPrimitiveOnly) this.#outbox.call(id, callee.source, args, host);
        else if (isPlain) this.#outbox.post([callee.source, host, id, args], transfer);
        else this.#outbox.post({ type: "call", id, callee, args: encoded, host }, transfer);
      },
      options,
      args,
    );
  }

  #introduce(host: HandleDescription): KnownHandle {
    if (this.#introduced.has(host)) return host.handle;
    this.#introduced.add(host);
    return host;
  }

  /** Loads a module inside; resolves with the names of the functions that it exports. */
  exports(url: string, options: CallOptions): Promise<unknown> {
    return this.#send((id) => this.#outbox.post({ type: "import", id, url }), options);
  }

  /** Makes a request inside; resolves when the response begins. */
  async fetch(order: FetchOrder, options: CallOptions): Promise<FetchHead> {
    const { url, method, redirect, headers, body, others: init } = order;
    const isBound = options.signal !== undefined;
    const others = Object.keys(init).length > 0
      ? encodeValue({ init }, "request", this.#owner.handles)
      : undefined;
    const post = (id: number) =>
      this.#outbox.post([id, url, method, redirect, isBound, body, others, ...headers]);
    const head = await this.#send(post, options, [{ init }]) as FetchHead;
    const [, , , , , , rest] = head;
    if (rest !== undefined) this.#bodies.add(rest);
    return head;
  }

  /** The next chunk of the body of a response; undefined at its end. */
  async read(body: number): Promise<Uint8Array | undefined> {
    let chunk: unknown;
    try {
      chunk = await this.#send((id) => this.#outbox.post({ type: "read", id, body }), {});
    } finally {
      if (chunk === undefined) this.#bodies.delete(body); // It has ended, or failed.
    }
    return chunk as Uint8Array | undefined;
  }

  /** Lets go of the body of a response. */
  release(body: number): void {
    this.#post({ type: "release", body });
    this.#bodies.delete(body);
  }

  /** Resolves once no call is pending. */
  idle(): Promise<void> {
    return this.#calls.idle();
  }

  /** Rejects what is pending; the functions go on until they notice, or the thread ends. */
  rejectPending(reason: NetNSError): void {
    this.#calls.rejectAll(({ caller }) => callError(reason, caller));
  }

  /** Ends the thread, rejecting what is pending; resolves when the kernel has let it go. */
  async end(reason: NetNSError): Promise<void> {
    this.#ended ??= reason;
    this.#settleAll(this.#ended);
    try {
      // Until it has told its id, nobody could see that it is gone.
      await within(GONE_WITHIN, this.#started, () => this.#stuckError());
      this.#stop();
      await within(GONE_WITHIN, this.#exited, () => this.#stuckError());
      if (!(await untilGone(libc(), this.tid, GONE_WITHIN))) throw this.#stuckError();
    } finally {
      this.#letGo();
    }
  }

  #send(
    post: (id: number) => void,
    options: CallOptions,
    args: readonly unknown[] = [],
  ): Promise<unknown> {
    const { signal, timeout } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#ended) return Promise.reject(callError(this.#ended, new Error()));
    const id = this.#calls.nextId();
    try {
      post(id);
    } catch (cause) {
      this.#introduced.clear(); // The message may have been one that introduces.
      return Promise.reject(cloneFailure(cause, args, "args", options.transfer));
    }
    // The thread is at work by now, while this one does what is not needed to begin.
    return new Promise((resolve, reject) => {
      // To V8 a stack costs more than all else of a call.
      const caller = this.#outbox.inLoop ? undefined : new Error();
      const call: PendingCall = { resolve, reject, caller };
      this.#calls.add(id, call);
      if (signal === undefined && timeout === undefined) return;
      call.settled = this.#abortOn(id, signal, timeout);
    });
  }

  /** Arranges for a call to be aborted; returns what undoes that. */
  #abortOn(id: number, signal: AbortSignal | undefined, timeout: number | undefined): () => void {
    const abort = () => this.#abort(id, signal!.reason);
    if (signal) onAbort(signal, abort);
    const timer = timeout === undefined ? undefined : builtin.timers.setTimeout(() => {
      const message = `The call in ${this.#namespace.label} did not finish within ${timeout} ms`;
      this.#abort(id, new DOMException(message, "TimeoutError"));
    }, timeout);
    timer?.unref(); // What keeps the process alive is the thread.
    return () => {
      signal?.removeEventListener("abort", abort);
      builtin.timers.clearTimeout(timer);
    };
  }

  #abort(id: number, reason: unknown): void {
    const call = this.#calls.take(id);
    if (call === undefined) return;
    call.reject(reason);
    this.#postError(reason, (error) => ({ type: "abort", id, reason: error }));
    this.#awaitAbortion(id);
  }

  /** Terminates the thread when it does not get to see that a call is aborted. */
  #awaitAbortion(id: number): void {
    const timer = builtin.timers.setTimeout(() => {
      if (this.tid === undefined) this.#awaitAbortion(id);
      else this.#onNotYielding();
    }, YIELD_WITHIN);
    timer.unref();
    this.#unanswered.set(id, timer);
  }

  #onNotYielding(): void {
    const stays = "Deno" in globalThis ? "; Deno cannot stop it, and it goes on running" : "";
    const message = `The thread of ${this.#namespace.label} was terminated: a call in it was ` +
      `aborted and did not yield within ${YIELD_WITHIN} ms${stays}`;
    builtin.process.emitWarning(message, { type: "NetNSWarning", code: "NETNS_THREAD_TERMINATED" });
    this.#terminate(this.#exitedError(message));
  }

  #post(message: ToThread): void {
    if (!this.#ended) this.#outbox.post(message);
  }

  /** Posts an error; what of it cannot be cloned is replaced by the reason why. */
  #postError(error: unknown, message: (error: EncodedError) => ToThread): void {
    const { handles } = this.#owner;
    try {
      this.#post(message(encodeError(error, handles)));
    } catch (cause) {
      this.#post(message(encodeError(cloneFailure(cause, error, "error"), handles)));
    }
  }

  #receive(message: FromThread): void {
    if (typeof message === "number") {
      this.#calls.take(message)?.resolve(undefined);
      return;
    }
    if (Array.isArray(message)) {
      for (let index = 0; index < message.length; index += 2) {
        this.#calls.take(message[index] as number)?.resolve(message[index + 1]);
      }
      return;
    }
    // What a module of `--import` posts before the program has taken the port may be anything.
    switch (message?.type) {
      case "ready":
        this.tid = message.tid;
        this.#onStarted?.();
        // Nobody waits for the name.
        builtin.timers.setImmediate(() => known.has(this) && nameThread(libc(), message.tid))
          .unref();
        break;
      case "refused":
        this.#terminate(this.#wrongNamespaceError(message.found));
        break;
      case "failed":
        this.#terminate(decodeError(message.error, this.#owner.handles));
        break;
      case "result":
        this.#settle(message.id, (call) => {
          call.resolve(decodeValue(message.value, this.#owner.handles));
        });
        break;
      case "error":
        this.#settle(message.id, (call) => {
          const error = decodeError(message.error, this.#owner.handles);
          call.reject(appendCallerStack(error, call.caller?.stack ?? ""));
        });
        break;
      case "aborted":
        builtin.timers.clearTimeout(this.#unanswered.get(message.id));
        this.#unanswered.delete(message.id);
        break;
      case "request":
        this.#carryOut(message.id, message.request);
        break;
      case "cancel":
        this.#carriedOut.get(message.id)?.abort(decodeError(message.reason, this.#owner.handles));
        break;
    }
  }

  #settle(
    id: number,
    settle: (call: PendingCall) => void,
  ): void {
    const call = this.#calls.take(id);
    if (call === undefined) return;
    try {
      settle(call);
    } catch (error) {
      call.reject(error);
    }
  }

  async #carryOut(id: number, request: RemoteRequest): Promise<void> {
    const { handles } = this.#owner;
    const controller = new AbortController();
    this.#carriedOut.set(id, controller);
    try {
      const args = decodeValue(request.args, handles) as unknown[];
      const value = await this.#owner.carryOut(request, args, controller.signal);
      const encoded = encodeValue(value, "result", handles);
      try {
        this.#post({ type: "reply", id, value: encoded });
      } catch (error) {
        throw cloneFailure(error, value, "result");
      }
    } catch (error) {
      this.#postError(error, (error) => ({ type: "failure", id, error }));
    } finally {
      this.#carriedOut.delete(id);
    }
  }

  #terminate(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = reason instanceof NetNSError ? reason : this.#exitedError(
      `The thread of ${this.#namespace.label} was terminated`,
      reason,
    );
    this.#settleAll(this.#ended);
    this.#stop();
  }

  #stop(): void {
    Promise.resolve(this.#worker.terminate()).catch(() => {});
  }

  #onExit(code: number): void {
    this.#ended ??= this.#deathOf(code);
    this.#settleAll(this.#ended);
  }

  #deathOf(code: number): NetNSError {
    const { label } = this.#namespace;
    if (this.#uncaught === undefined) {
      return this.#exitedError(`The thread of ${label} exited with code ${code}`);
    }
    const { error } = this.#uncaught;
    if (isInitFailure(error)) return startError(this.#namespace, error);
    const message = `The thread of ${label} died of an uncaught error: ${describe(error)}`;
    return this.#exitedError(message, error);
  }

  #settleAll(reason: NetNSError): void {
    for (const timer of this.#unanswered.values()) builtin.timers.clearTimeout(timer);
    this.#unanswered.clear();
    for (const controller of this.#carriedOut.values()) controller.abort(reason);
    this.#calls.rejectAll(({ caller }) => callError(reason, caller));
    this.#owner.threadEnded();
  }

  /** Whether the kernel still has the thread. */
  isThere(): boolean {
    return isThere(libc(), this.tid);
  }

  #exitedError(message: string, cause?: unknown): NetNSError {
    return new NetNSError(message, {
      code: "ERR_NETNS_THREAD_EXITED",
      path: this.#namespace.path,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  #stuckError(): NetNSError {
    return new NetNSError(`Cannot end the thread of ${this.#namespace.label}: it does not stop`, {
      code: "ETIMEDOUT",
      path: this.#namespace.path,
      hint:
        "it runs code that never yields, and that the runtime cannot interrupt; end the process",
    });
  }

  #wrongNamespaceError(found: string): NetNSError {
    const message = `Cannot run code in ${this.#namespace.label}: its thread is in ${found}`;
    return new NetNSError(message, {
      code: "ERR_NETNS_NOT_CONTAINED",
      path: this.#namespace.path,
      hint: "the namespace of a thread is read from /proc/thread-self/ns/net: is /proc mounted? " +
        "Under --permission add --allow-fs-read=/proc",
    });
  }
}

/** Rejects with `error()` when `promise` has not settled in time. */
function within<T>(ms: number, promise: Promise<T>, error: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = builtin.timers.setTimeout(() => reject(error()), ms);
    promise.then(resolve, reject).finally(() => builtin.timers.clearTimeout(timer));
  });
}

function isInitFailure(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_INIT_FAILED";
}

/** What was thrown, as a message tells it. */
function describe(thrown: unknown): string {
  const { message } = (thrown ?? {}) as { message?: unknown };
  if (typeof message === "string") return message;
  return typeof thrown === "string" ? thrown : builtin.util.inspect(thrown);
}
