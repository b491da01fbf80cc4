/**
 * A running guest: user-mode-linux over a copy-on-write view of this machine's files, which runs
 * commands one at a time.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import type { Command, Ending, Place } from "../runner/place.ts";
import { root } from "../runner/runtimes.ts";
import { compilePreload, type Kernel } from "./user_mode_linux.ts";

const megabytes = 3072;

/** Ms that a guest has to boot, and to tell that a command has ended. */
const bootLimit = 60_000;

/** Ms after which a guest ends itself. */
const lifetime = 60 * 60_000;

/** How many times longer the limits of tests are in the guest. */
const slowness = 20;

const running = new Set<Guest>();
let stopping = false;

/** Ends the guests that this process runs; there will be no others. */
export async function stopGuests(): Promise<void> {
  stopping = true;
  await Promise.all([...running].map((guest) => guest.stop()));
}

/** A guest; boots with {@linkcode bootGuest}. */
export class Guest implements Place {
  readonly temporaryDirectory: string;
  readonly timeScale: number = slowness;
  /** Version of its kernel. */
  version = "";
  #console = "";
  #jobs = 0;
  #awaited: ((line: string | undefined) => void) | undefined;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;

  constructor(kernel: Kernel) {
    if (stopping) throw new Error("not run: guests are being stopped");
    this.temporaryDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-kernel-"));
    running.add(this);
    try {
      this.#child = start(kernel, this.temporaryDirectory);
    } catch (error) {
      this.#forget();
      throw error;
    }
    this.#child.on("error", ({ message }) => this.#say(message));
    this.#gone = new Promise((resolve) => this.#child.on("close", () => resolve()));
    void this.#gone.then(() => this.#awaited?.(undefined));
    this.#child.stdin!.on("error", () => {}); // The guest has ended: "close" tells.
    readline.createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#hear(line));
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => this.#say(text));
  }

  /** Whether it runs no more commands. */
  get ended(): boolean {
    return !running.has(this);
  }

  /** Waits until the guest takes commands. */
  async boot(): Promise<void> {
    const line = await this.#line(/^ready /, bootLimit);
    if (line === undefined) {
      await this.stop();
      throw new Error(`the guest does not boot:\n${this.#console.trim()}`);
    }
    this.version = line.slice("ready ".length);
  }

  /** Runs a command. A guest that does not answer in time, or ends, is stopped. */
  async run({ command, variables, limit }: Command): Promise<Ending> {
    const job = `job-${++this.#jobs}`;
    const directory = path.join(this.temporaryDirectory, job);
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, "command"), script(command, variables, limit));
    const start = performance.now();
    this.#child.stdin!.write(`${job}\n`);
    const line = await this.#line(new RegExp(`^done ${job}$`), limit + bootLimit);
    const output = read(path.join(directory, "output"));
    if (line === undefined) {
      await this.stop();
      const text = `${output}\nThe guest's console:\n${this.#console}`;
      return { output: text, ending: "the guest has ended, or hangs" };
    }
    const status = Number(read(path.join(directory, "status")));
    fs.rmSync(directory, { recursive: true, force: true });
    const killed = status === 128 + os.constants.signals.SIGKILL &&
      performance.now() - start >= limit;
    return { output, ending: killed ? `killed after ${limit / 1000} s` : `exit code ${status}` };
  }

  /** Ends the guest, and removes what it had here; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    if (!this.ended) {
      this.#forget();
      this.#kill();
      this.#awaited?.(undefined);
    }
    await this.#gone;
  }

  /** Ends the kernel, and the processes in its group that it made to be those of the guest. */
  #kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Nothing of it is left.
    }
  }

  #forget(): void {
    running.delete(this);
    fs.rmSync(this.temporaryDirectory, { recursive: true, force: true });
  }

  #say(text: string): void {
    this.#console += text.endsWith("\n") ? text : `${text}\n`;
  }

  #hear(line: string): void {
    this.#say(line.trimEnd());
    this.#awaited?.(line.trimEnd());
  }

  /** The next line that matches; undefined when the guest ends, or after the limit. */
  #line(pattern: RegExp, limit: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#awaited?.(undefined), limit);
      this.#awaited = (line) => {
        if (line !== undefined && !pattern.test(line)) return;
        clearTimeout(timer);
        this.#awaited = undefined;
        resolve(line);
      };
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        this.#awaited(undefined);
      }
    });
  }
}

/** A guest that takes commands. */
export async function bootGuest(kernel: Kernel): Promise<Guest> {
  const guest = new Guest(kernel);
  await guest.boot();
  return guest;
}

function start(kernel: Kernel, directory: string): ChildProcess {
  const init = fileURLToPath(new URL("init.sh", import.meta.url));
  const args = [
    `mem=${megabytes}M`,
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    "con=null",
    "con0=fd:0,fd:1",
    "ssl=null",
    "quiet",
    "loglevel=1",
    `uml_dir=${directory}`,
    "init=/bin/sh",
    "--",
    init,
    directory,
    String(lifetime / 1000),
  ];
  const preload = kernel.preload && compilePreload(kernel.preload, directory);
  return spawn(kernel.program, args, {
    env: { PATH: process.env["PATH"], TMPDIR: memoryDirectory(), LD_PRELOAD: preload },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // The terminal's ctrl-C is for this process, which then ends the guest.
  });
}

/** Where the guest's memory is a file, which has no name as soon as it is open. */
function memoryDirectory(): string {
  try {
    const { bavail, bsize } = fs.statfsSync("/dev/shm");
    if (bavail * bsize > 2 * megabytes * 2 ** 20) return "/dev/shm";
  } catch {
    // There is none.
  }
  return os.tmpdir();
}

function script(
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  limit: number,
): string {
  const kept = ["PATH", "HOME", "LANG", "DENO_DIR"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const]
  );
  const assignments = [...kept, ...Object.entries(variables)].map(([name, value]) =>
    quote(`${name}=${value}`)
  );
  const words = ["timeout", "-s", "KILL", String(limit / 1000), "env", "-i"];
  return [
    `cd ${quote(root)} || exit`,
    [...["exec"], ...words, ...assignments, ...command.map(quote)].join(" "),
    "",
  ].join("\n");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function read(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}
