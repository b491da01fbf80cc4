/**
 * A bare Worker of the runtime that answers each message: what a call on a namespace thread is
 * measured beside.
 *
 * @module
 */

import { Worker } from "node:worker_threads";

const program = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (message) => parentPort.postMessage(message));
`;

/** A Worker that answers. */
export class EchoWorker {
  readonly #worker: Worker = new Worker(program, { eval: true });
  #expected = 0;
  #done: () => void = () => {};

  constructor() {
    this.#worker.on("message", () => {
      if (--this.#expected === 0) this.#done();
    });
  }

  /** Posts so many messages at once; resolves when all are answered. */
  post(count = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#expected = count;
      this.#done = resolve;
      for (let index = 0; index < count; index++) this.#worker.postMessage(index);
    });
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
