/**
 * A process that takes samples when it is asked.
 *
 * @module
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** What a contender says: one line of JSON each time. */
type Answer = { ready: true } | { missing: string } | { samples: number[] };

/** A contender that runs. */
export class Sampler {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  readonly #command: readonly string[];
  #stderr = "";

  private constructor(command: readonly string[]) {
    const [file, ...args] = command as [string, ...string[]];
    this.#command = command;
    this.#child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin.on("error", () => {}); // It shows as an answer that does not come.
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => this.#stderr += text);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts a contender; resolves when it is ready, or cannot be. */
  static async start(command: readonly string[]): Promise<Sampler | { missing: string }> {
    const sampler = new Sampler(command);
    const answer = await sampler.#answer();
    if ("ready" in answer) return sampler;
    await sampler.stop();
    if ("missing" in answer) return answer;
    throw new Error(`${command.join(" ")} answered before it was asked`);
  }

  /** The id of its process. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** Takes so many samples. */
  async sample(count: number): Promise<number[]> {
    this.#child.stdin.write(`${count}\n`);
    const answer = await this.#answer();
    if ("samples" in answer && answer.samples.length > 0) return answer.samples;
    throw new Error(`${this.#command.join(" ")} gave no samples`);
  }

  /** Lets the contender clean up and end. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await exited;
  }

  async #answer(): Promise<Answer> {
    const { value, done } = await this.#answers.next();
    if (!done) return JSON.parse(value) as Answer;
    throw new Error(`${this.#command.join(" ")} ended without an answer:\n${this.#stderr}`);
  }
}
