/**
 * A process that the library starts itself, with pipes, and waits for.
 *
 * @module
 */

import type net from "node:net";
import { O_CLOEXEC, O_RDONLY, POLLIN, WNOHANG } from "../ffi/constants.ts";
import { builtin } from "../ffi/builtin.ts";
import { pollfd } from "../ffi/structs.ts";
import { pidfdOpen } from "../ffi/system_calls.ts";
import type { Child, ExitStatus } from "./child.ts";
import { unwrap } from "./errors.ts";
import type { Program } from "./execve.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";
import { startProcess } from "./start_process.ts";

/** How to start a process. */
export interface PosixStart {
  /** Its working directory, where that is another one. */
  readonly cwd: string | undefined;
  /** Whether its standard input is a pipe; /dev/null otherwise. */
  readonly input: boolean;
}

/**
 * Starts a process inside.
 *
 * @throws {NetNSError} With `spawn` as the system call when it could not be started.
 */
export function startPosixChild(
  namespace: Namespace,
  program: Program,
  { cwd, input }: PosixStart,
): Child {
  const failed = { action: `Cannot start "${program.command}"`, syscall: "spawn" };
  const streams: number[] = [];
  const ends: number[] = [];
  const addPipe = (end: 0 | 1) => {
    const pipe = new Int32Array(2);
    unwrap(libc().pipe2(new Uint8Array(pipe.buffer), O_CLOEXEC), failed);
    streams.push(pipe[end]!);
    ends.push(pipe[1 - end]!);
  };
  const close = (fds: readonly number[]) => fds.forEach((fd) => libc().close(fd));
  let pid: number;
  try {
    if (input) addPipe(0);
    else streams.push(unwrap(libc().open("/dev/null", O_RDONLY | O_CLOEXEC, 0), failed));
    addPipe(1);
    addPipe(1);
    const started = inside(namespace, () => startProcess(program, { streams, cwd }));
    pid = unwrap(started, failed);
  } catch (error) {
    close(ends);
    throw error;
  } finally {
    close(streams);
  }
  return new PosixChild(pid, ends);
}

/** A stream to or from a process, which closes the descriptor. */
function streamOf(fd: number, way: "readable" | "writable"): net.Socket {
  return new builtin.net.Socket({ fd, readable: false, writable: false, [way]: true });
}

function closed(stream: net.Socket): Promise<void> {
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

class PosixChild implements Child {
  readonly pid: number;
  readonly stdin: net.Socket | null;
  readonly stdout: net.Socket;
  readonly stderr: net.Socket;
  #status: ExitStatus | undefined;

  constructor(pid: number, ends: number[]) {
    this.pid = pid;
    const [stderr, stdout, stdin] = [...ends].reverse();
    this.stdout = streamOf(stdout!, "readable");
    this.stderr = streamOf(stderr!, "readable");
    this.stdin = stdin === undefined ? null : streamOf(stdin, "writable");
  }

  status(): ExitStatus | undefined {
    if (this.#status !== undefined) return this.#status;
    const status = new Int32Array(1);
    const result = libc().waitpid(this.pid, new Uint8Array(status.buffer), WNOHANG);
    if (result === 0) return undefined;
    // Where other code of this process has waited for it, nobody knows how it ended.
    return this.#status = result < 0 ? { exitCode: null, signal: null } : exitStatus(status[0]!);
  }

  async exited(): Promise<void> {
    for (let ms = 1; this.status() === undefined; ms = Math.min(2 * ms, 10)) {
      await builtin.timers.promises.setTimeout(ms);
    }
  }

  async closed(): Promise<undefined> {
    const stdin = this.stdin === null ? undefined : closed(this.stdin);
    await Promise.all([closed(this.stdout), closed(this.stderr)]);
    if (this.status() === undefined) {
      waitBriefly(this.pid);
      await this.exited();
    }
    this.stdin?.destroy();
    await stdin;
  }
}

/** A process closes its pipes a moment before it has ended. */
function waitBriefly(pid: number): void {
  const fd = pidfdOpen(libc(), pid);
  if (fd < 0) return;
  libc().poll(pollfd(fd, POLLIN), 1, 1);
  libc().close(fd);
}

/** What a wait status says, as in wait(2). */
function exitStatus(status: number): ExitStatus {
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8 & 0xff, signal: null };
  const names = Object.entries(builtin.os.constants.signals);
  const signal = names.find(([, value]) => value === number)?.[0] ?? `SIG${number}`;
  return { exitCode: null, signal };
}
