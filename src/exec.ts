/**
 * Running a program inside a namespace to its end.
 *
 * @module
 */

import { builtin } from "../ffi/builtin.ts";
import { O_CLOEXEC, O_DIRECTORY, O_PATH } from "../ffi/constants.ts";
import {
  checkChoice,
  checkOptions,
  checkPath,
  checkSignal,
  checkTimeout,
  outOfRange,
  wrongType,
} from "./check.ts";
import { checkEnvironment } from "./environment.ts";
import type { NetNSErrorOptions } from "./errors.ts";
import { ExecError, type ExecErrorDetails, type ExecResult } from "./exec_error.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { runNatively, runsNatively } from "./native_run.ts";
import { type Ended, runProcess } from "./run_process.ts";
import { checkCommand } from "./spawn.ts";
import { startChild } from "./start_child.ts";

export { ExecError, type ExecErrorDetails, type ExecResult };

/** How `ns.exec()` runs a program. */
export interface ExecOptions {
  /**
   * Working directory.
   *
   * @default {process.cwd()}
   */
  cwd?: string | URL | undefined;
  /**
   * The whole environment of the program.
   *
   * @default {process.env}
   */
  env?: Record<string, string | undefined> | undefined;
  /** What the program reads from its standard input; without it, that is empty. */
  input?: string | Uint8Array | undefined;
  /**
   * `"utf8"` gives the output as strings, with U+FFFD for what is not UTF-8; `"buffer"` as bytes.
   *
   * @default {"utf8"}
   */
  encoding?: "utf8" | "buffer" | undefined;
  /** Ends the program; the call rejects with `signal.reason` when it has ended. */
  signal?: AbortSignal | undefined;
  /** Ends the program after so many ms. */
  timeout?: number | undefined;
  /**
   * How `signal` and `timeout` end the program; SIGKILL follows after 5 seconds. Its own children
   * are not signalled.
   *
   * @default {"SIGTERM"}
   */
  killSignal?: NodeJS.Signals | undefined;
}

/** Runs a program inside. Rejects with {@linkcode ExecError} when it fails. */
export async function execInside(
  namespace: Namespace,
  command: string,
  args: readonly string[] = [],
  options: ExecOptions = {},
): Promise<ExecResult<string> | ExecResult<Uint8Array>> {
  checkCommand(command, args);
  checkExecOptions(options);
  const { env, encoding, signal, timeout } = options;
  const cwd = checkDirectory(options.cwd);
  signal?.throwIfAborted();

  const input = options.input !== undefined;
  const start = performance.now();
  const ended =
    await (runsNatively(command, options)
      ? runNatively(namespace, { command, args, cwd, env })
      : runProcess(() => startChild(namespace, command, args, { cwd, env, input }), options));
  const durationMs = performance.now() - start;
  if (ended.endedBy === "signal") throw signal!.reason;

  const decode = encoding === "buffer" ? (bytes: Uint8Array) => bytes : decodeUtf8;
  const result: ExecResult<string | Uint8Array> = {
    stdout: decode(ended.stdout),
    stderr: decode(ended.stderr),
    exitCode: ended.exitCode,
    signal: ended.signal,
    durationMs,
  };
  const reason = failure(ended, timeout);
  if (reason === undefined) return result as ExecResult<string> | ExecResult<Uint8Array>;
  const message = `${reason}: ${showCommand(command, args)}${lastLines(ended.stderr)}`;
  const timedOut = ended.endedBy === "timeout";
  throw new ExecError(message, {
    ...result,
    command,
    args: [...args],
    timedOut,
    ...codeOf(ended, cwd),
  });
}

function checkExecOptions(options: ExecOptions): void {
  const known = ["cwd", "env", "input", "encoding", "signal", "timeout", "killSignal"];
  checkOptions("options", options, known);
  checkChoice("options.encoding", options.encoding, ["utf8", "buffer"]);
  checkChoice("options.killSignal", options.killSignal, Object.keys(builtin.os.constants.signals));
  checkSignal("options.signal", options.signal);
  checkTimeout("options.timeout", options.timeout);
  checkEnvironment("options.env", options.env);
  const { input } = options;
  if (input !== undefined && typeof input !== "string" && !(input instanceof Uint8Array)) {
    throw wrongType("options.input", "a string or a Uint8Array", input);
  }
}

/** The path of a directory. */
function checkDirectory(directory: ExecOptions["cwd"]): string | undefined {
  const name = "options.cwd";
  if (directory === undefined) return undefined;
  if (!(directory instanceof URL)) return checkPath(name, directory);
  if (directory.protocol !== "file:") {
    throw outOfRange(name, "a path or a file: URL", directory.href);
  }
  return checkPath(name, builtin.url.fileURLToPath(directory));
}

/** Why a program failed; `undefined` when it did not. */
function failure(ended: Ended, timeout: number | undefined): string | undefined {
  if (ended.startError) {
    const { code, message } = ended.startError;
    // A permission that Deno denies has no code.
    const reason = code === undefined ? message : `spawn failed with ${code}`;
    return `Command could not be started: ${reason}`;
  }
  if (ended.endedBy === "timeout") return `Command timed out after ${timeout} ms`;
  if (ended.signal !== null) return `Command was killed with ${ended.signal}`;
  if (ended.exitCode !== 0) return `Command failed with exit code ${ended.exitCode}`;
  return undefined;
}

/** What the error says of the system call, where one failed. */
function codeOf({ startError }: Ended, cwd: string | undefined): NetNSErrorOptions {
  if (!startError) return { code: "ERR_NETNS_EXEC_FAILED" };
  const { code = "ERR_NETNS_EXEC_FAILED", errno } = startError;
  const hint = cwd !== undefined && !isDirectory(cwd)
    ? `options.cwd is no directory: ${cwd}`
    : code === "ENOENT"
    ? "the program is not there"
    : undefined;
  return { code, syscall: "spawn", errno, hint, cause: startError };
}

function isDirectory(path: string): boolean {
  const fd = libc().open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  return fd >= 0 && libc().close(fd) === 0;
}

// A byte order mark is output like any other.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** A command as people would type it, cut where it is long. */
function showCommand(command: string, args: readonly string[]): string {
  const words = [command, ...args].map((word) =>
    /^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)
  );
  const text = words.join(" ");
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** The last lines of what a program wrote to its standard error, when they are short. */
function lastLines(stderr: Uint8Array): string {
  const text = decodeUtf8(stderr.subarray(-1000)).trimEnd();
  const lines = text.split("\n").slice(-3).join("\n");
  return lines === "" || lines.length > 500 ? "" : `\n${lines}`;
}
