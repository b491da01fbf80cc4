/**
 * Runs the calls that arrive in a namespace thread.
 *
 * @module
 */

import { onAbort } from "../../on_abort.ts";
import { cloneFailure } from "../clone_failure.ts";
import { decodeValue } from "../decode_value.ts";
import { encodeValue, type HandleCodec } from "../encode_value.ts";
import { isPrimitive } from "../members.ts";
import { decodeError, encodeError } from "../error_envelope.ts";
import type {
  Callee,
  FetchCall,
  FromThread,
  HandleDescription,
  KnownHandle,
  PlainCalls,
  ToThread,
} from "../protocol.ts";
import { explainReferenceError } from "./captured_variable.ts";
import { settle } from "./collect.ts";
import { compile } from "./compile.ts";
import { isOverSockets } from "./fetch/contain_fetch.ts";
import { ServedFetches } from "./fetch/served_fetches.ts";
import { exportedFunctions, importModule } from "./import_module.ts";
import { containInspector } from "./inspector.ts";
import { Remote } from "./remote.ts";
import type { RemoteHandles, RunHere } from "./remote_handles.ts";
import { RunningCall } from "./running_call.ts";

type Typed = Extract<ToThread, { type: string }>;
type Message<Type extends Typed["type"]> = Extract<Typed, { type: Type }>;

/** What a function is given as its last argument. */
class Context {
  readonly #remote: Remote;
  readonly #host: KnownHandle;
  readonly #call: RunningCall;

  constructor(remote: Remote, host: KnownHandle, call: RunningCall) {
    this.#remote = remote;
    this.#host = host;
    this.#call = call;
  }

  get ns(): unknown {
    return this.#remote.handles.self;
  }

  get host(): unknown {
    return this.#remote.handles.codec.decode(this.#host);
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }
}

/** What is there in every thread, while Node loads `performance` when it is used. */
const { now } = Date;

/** What calls take, in ms, before what they gave is posted. */
const LONG = 1;

/** The calls of this thread that are running. */
export class Calls {
  readonly #remote: Remote;
  readonly #post: (message: FromThread) => void;
  readonly #running = new Map<number, RunningCall>();
  #served: ServedFetches | undefined;
  /** Those that are about to be posted. */
  #results: unknown[] = [];

  /** The parameters are those of {@linkcode Remote}. */
  constructor(
    self: HandleDescription,
    post: (message: FromThread) => void,
    tid: () => number,
  ) {
    const runHere: RunHere = (callee, args, signal) => this.#runHere(callee, args, signal);
    this.#remote = new Remote(self, post, tid, runHere);
    this.#post = post;
  }

  /** How handles travel. */
  get codec(): HandleCodec {
    return this.#remote.handles.codec;
  }

  get #fetches(): ServedFetches {
    return this.#served ??= new ServedFetches(this.#remote.handles, isOverSockets);
  }

  /** Runs a function, and answers with its outcome. */
  run({ id, callee, args, host }: Message<"call">): Promise<void> {
    return this.#answer(id, (call) => {
      const values = decodeValue(args, this.codec) as unknown[];
      return this.#invoke(callee, values, host, call);
    });
  }

  /**
   * Runs a function for each of several calls, whose arguments came as they are. Results that are
   * there at once are answered together, but wait for one call that takes long at most.
   */
  runPlain([source, host, ...calls]: PlainCalls): void {
    const handle = this.#remote.introduce(host);
    const isOne = calls.length === 2;
    let results: unknown[] = [];
    let begun = isOne ? 0 : now();
    for (let index = 0; index < calls.length; index += 2) {
      const id = calls[index] as number;
      const args = calls[index + 1] as readonly unknown[] | undefined ?? [];
      const call = new RunningCall();
      let result: unknown;
      try {
        result = compile(source)(...args, new Context(this.#remote, handle, call));
      } catch (error) {
        this.#postError(id, explainReferenceError(error, source));
        continue;
      }
      if (isPrimitive(result)) results.push(id, result);
      else this.#answer(id, () => this.#outcome(() => result, source), call);
      if (isOne || now() - begun <= LONG) continue;
      this.#postResults(results);
      results = [];
      begun = now();
    }
    this.#postResults(results);
  }

  #postResults(results: unknown[]): void {
    const isBare = results.length === 2 && results[1] === undefined;
    if (results.length > 0) this.#post(isBare ? results[0] as number : results);
  }

  /** Answers with the names of the functions that a module exports. */
  exports({ id, url }: Message<"import">): Promise<void> {
    containInspector();
    return this.#answer(id, async () => exportedFunctions(await importModule(url)));
  }

  /** Makes a request, and answers with the beginning of the response. */
  async fetch(message: FetchCall): Promise<void> {
    const [id, url, method, redirect, isBound, body, encoded, ...headers] = message;
    const call = new RunningCall();
    this.#running.set(id, call);
    try {
      const others = encoded === undefined
        ? {}
        : (decodeValue(encoded, this.codec) as { init: object }).init;
      const order = { url, method, redirect, headers, body, others };
      this.#post([id, await this.#fetches.fetch(id, order, isBound ? call.signal : undefined)]);
    } catch (error) {
      this.#postError(id, error);
    } finally {
      this.#running.delete(id);
    }
  }

  /** Answers with a chunk of the body of a response. */
  read({ id, body }: Message<"read">): Promise<void> {
    return this.#answer(id, () => this.#fetches.read(body));
  }

  /** Lets go of the body of a response. */
  release({ body }: Message<"release">): void {
    this.#served?.release(body);
  }

  /** Aborts the signal of a call. The answer says that this thread yields. */
  abort({ id, reason }: Message<"abort">): void {
    this.#post({ type: "aborted", id });
    this.#running.get(id)?.abort(decodeError(reason, this.codec));
    this.#served?.release(id);
  }

  /** Hands on what the main thread answers to a remote handle. */
  settle(message: Parameters<RemoteHandles["settle"]>[0]): void {
    this.#remote.handles.settle(message);
  }

  async #answer(
    id: number,
    run: (call: RunningCall) => unknown,
    call: RunningCall = new RunningCall(),
  ): Promise<void> {
    this.#running.set(id, call);
    try {
      const value = await run(call);
      if (isPrimitive(value)) return this.#addResult(id, value);
      const encoded = encodeValue(value, "result", this.codec);
      try {
        const isPlain = encoded.replaced === undefined;
        this.#post(isPlain ? [id, encoded.value] : { type: "result", id, value: encoded });
      } catch (error) {
        throw cloneFailure(error, value, "result");
      }
    } catch (error) {
      this.#postError(id, error);
    } finally {
      this.#running.delete(id);
    }
  }

  /** Answers with a value that cannot change, together with those of this turn. */
  #addResult(id: number, value: unknown): void {
    this.#results.push(id, value);
    if (this.#results.length > 2) return;
    Promise.resolve().then(() => {
      const results = this.#results;
      this.#results = [];
      this.#postResults(results);
    });
  }

  /** Answers with an error; what of it cannot be cloned is replaced by the reason why. */
  #postError(id: number, error: unknown): void {
    const { codec } = this;
    try {
      this.#post({ type: "error", id, error: encodeError(error, codec) });
    } catch (cause) {
      this.#post({
        type: "error",
        id,
        error: encodeError(cloneFailure(cause, error, "error"), codec),
      });
    }
  }

  async #invoke(
    callee: Callee,
    args: readonly unknown[],
    host: KnownHandle,
    call: RunningCall,
  ): Promise<unknown> {
    const handle = this.#remote.introduce(host);
    if ("url" in callee) {
      containInspector();
      const module = await importModule(callee.url);
      return settle((module[callee.export] as (...args: unknown[]) => unknown)(...args));
    }
    const context = new Context(this.#remote, handle, call);
    const { source } = callee;
    return await this.#outcome(() => compile(source)(...args, context), source);
  }

  async #outcome(run: () => unknown, source: string): Promise<unknown> {
    try {
      return await settle(run());
    } catch (error) {
      throw explainReferenceError(error, source);
    }
  }

  /** A call from this thread to its own namespace: no detour, but the same cloning. */
  async #runHere(callee: Callee, args: unknown[], signal: AbortSignal | undefined) {
    const { description, localCodec } = this.#remote.handles;
    const copy = (value: unknown, root: string) => {
      const encoded = encodeValue(value, root, localCodec);
      try {
        return decodeValue(structuredClone(encoded), localCodec);
      } catch (error) {
        throw cloneFailure(error, value, root);
      }
    };
    signal?.throwIfAborted();
    const call = new RunningCall();
    const result = this.#invoke(callee, copy(args, "args") as unknown[], description, call);
    if (signal === undefined) return copy(await result, "result");
    return await new Promise((resolve, reject) => {
      const abort = () => {
        call.abort(signal.reason);
        reject(signal.reason);
      };
      onAbort(signal, abort);
      result.then((value) => copy(value, "result")).then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", abort));
    });
  }
}
