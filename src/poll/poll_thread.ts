/**
 * A thread that waits in poll(2) for descriptors of this one: the parent's side.
 *
 * @module
 */

import type { Worker } from "node:worker_threads";
import { builtin } from "../../ffi/builtin.ts";
import { errnoName, NetNSError, syscallError } from "../errors.ts";
import { libc, libraryFromEnvironment, requireBase } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { closeOwned, closeWith } from "../owned_descriptor.ts";
import { home, inside } from "../position.ts";
import { threadId, untilGone } from "../thread/kernel_thread.ts";
import { known } from "../thread/known_threads.ts";
import { startWorker } from "../thread/start_worker.ts";
import { program } from "./program.ts";
import { type FromPollThread, MAX_COMMANDS, type PollData, QUIT } from "./protocol.ts";
import { openWakeSocket } from "./wake_socket.ts";

/** How long a thread that ends may take to be gone, in ms. */
const GONE_WITHIN = 5000;

/**
 * A thread in poll(2) cannot be terminated: it comes back for that now and then, in ms. The main
 * thread ends it before it ends itself. A Worker that is terminated can not, and waits for it on
 * Node; Deno does not even terminate it.
 */
const lookUpAfter = (): number => builtin.worker_threads.isMainThread ? 1000 : 50;

/** What is told to those who wait: that a descriptor can be read, or why that is not known. */
export type OnReadable = (failure?: Error) => void;

/** A poll thread, in the home namespace. It keeps the process alive while it is waited for. */
export class PollThread {
  /** Thread id in the kernel; undefined before the thread has started. */
  tid: number | undefined;
  readonly label = "poll thread";
  readonly #home: Namespace = home();
  #wake: number;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, OnReadable>();
  readonly #exited: Promise<void>;
  #commands: number[] = [];
  #sending = false;
  #cause: unknown;
  #ended = false;

  /** Starts the thread. The caller's thread goes home for that, and comes back. */
  constructor() {
    this.#wake = openWakeSocket(this.#home);
    closeWith(this, this.#wake);
    try {
      this.#worker = inside(this.#home, () => this.#start());
    } catch (error) {
      closeOwned(this, this.#wake);
      throw error;
    }
    known.add(this);
    this.#worker.on("message", (message: FromPollThread) => this.#receive(message));
    this.#worker.on("error", (error) => this.#cause = error);
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#letGo();
        resolve();
      });
    });
    this.#worker.unref();
    // Or the end of the process would wait until poll(2) returns.
    builtin.process.once("exit", this.#quit);
  }

  /** The inode of the namespace that the thread is in. */
  get inode(): number {
    return this.#home.inode;
  }

  /** Whether the thread is, or is about to be, no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Has `onReadable` called once, when a descriptor can be read. It may be called too early. */
  wait(fd: number, onReadable: OnReadable): void {
    if (this.#waiting.size === 0) this.#worker.ref();
    this.#waiting.set(fd, onReadable);
    this.#command(fd);
  }

  /** Waits for a descriptor no more. */
  forget(fd: number): void {
    if (this.#take(fd) !== undefined) this.#command(~fd);
  }

  /** Ends the thread; resolves when the kernel has let it go. */
  async end(): Promise<void> {
    if (this.#wake < 0) return;
    this.#ended = true;
    this.#worker.ref();
    while (!this.#quit()) await builtin.timers.promises.setTimeout(1);
    await this.#exited;
    if (await untilGone(libc(), this.tid, GONE_WITHIN)) return;
    throw new NetNSError("Cannot end the poll thread: it does not stop", { code: "ETIMEDOUT" });
  }

  #start(): Worker {
    const workerData: PollData = {
      wake: this.#wake,
      parent: threadId(libc()),
      lookUpAfter: lookUpAfter(),
      library: libraryFromEnvironment(),
      base: requireBase(),
    };
    return startWorker(this.#home, { program, name: "netns:poll", workerData });
  }

  #receive(message: FromPollThread): void {
    if ("tid" in message) {
      this.tid = message.tid;
      return this.#send();
    }
    for (const fd of message.readable) this.#take(fd)?.();
  }

  #take(fd: number): OnReadable | undefined {
    const onReadable = this.#waiting.get(fd);
    if (this.#waiting.delete(fd) && this.#waiting.size === 0) this.#worker.unref();
    return onReadable;
  }

  /** Commands of one turn travel together. Before the thread has started none is received. */
  #command(command: number): void {
    this.#commands.push(command);
    if (this.#sending || this.tid === undefined) return;
    this.#sending = true;
    queueMicrotask(() => this.#send());
  }

  #send(): void {
    this.#sending = false;
    while (this.#commands.length > 0 && !this.#ended) {
      const batch = this.#commands.slice(0, MAX_COMMANDS);
      const result = this.#write(batch);
      if (result >= 0) {
        this.#commands.splice(0, batch.length);
      } else if (errnoName(result) === "EAGAIN") {
        // The thread is waited for, which keeps the process alive; so need this not.
        this.#sending = true;
        builtin.timers.setTimeout(() => this.#send(), 1).unref();
        return;
      } else {
        const action = "Cannot wake the poll thread";
        this.#fail(syscallError({ action, syscall: "send", result }));
        return;
      }
    }
  }

  #write(commands: readonly number[]): number {
    const bytes = new Uint8Array(new ArrayBuffer(4 * commands.length));
    const view = new DataView(bytes.buffer);
    commands.forEach((command, index) => view.setInt32(4 * index, command, true));
    return libc().send(this.#wake, bytes, bytes.byteLength, 0);
  }

  /** Tells the thread to end; false when it has so much to read that this must wait. */
  readonly #quit = (): boolean => {
    return this.#wake < 0 || errnoName(this.#write([QUIT])) !== "EAGAIN";
  };

  #letGo(): void {
    const unexpected = !this.#ended;
    this.#ended = true;
    known.delete(this);
    builtin.process.removeListener("exit", this.#quit);
    closeOwned(this, this.#wake);
    this.#wake = -1;
    if (unexpected) this.#fail(this.#exitedError());
  }

  #fail(error: Error): void {
    for (const fd of [...this.#waiting.keys()]) this.#take(fd)?.(error);
  }

  #exitedError(): NetNSError {
    const { message = "it exited" } = (this.#cause ?? {}) as { message?: string };
    return new NetNSError(`Cannot wait for events: the poll thread ended: ${message}`, {
      code: "ERR_NETNS_THREAD_EXITED",
      cause: this.#cause,
    });
  }
}
