/**
 * Runs one test file on one runtime, in a process group of its own and with a time limit.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import {
  CAP_SYS_ADMIN,
  findCommand,
  hasCapability,
  runDirectoryVariable,
  runtimeVariable,
  skipLogName,
} from "../helpers/requirements.ts";
import { timeScale, timeScaleVariable } from "../helpers/time_limit.ts";
import { readReport, type TestResult } from "./junit.ts";
import type { Command, Ending, Place } from "./place.ts";
import { root, type RuntimeName, testArguments } from "./runtimes.ts";

/** How a file went. */
export interface FileResult {
  runtime: RuntimeName;
  file: string;
  /** The kernel, where it is not this machine's. */
  kernel?: string;
  tests: TestResult[];
  /** What is wrong with the file as a whole. */
  problem?: string;
  /** Reasons to skip that the file gave by `tests/helpers/requirements.ts`. */
  skipReasons: string[];
  output: string;
  seconds: number;
}

/** A file to run. */
export interface Job {
  runtime: RuntimeName;
  program: string;
  file: string;
}

const running = new Set<ChildProcess>();

/** Ends the processes that this module started and that still run. */
export function killRunning(): void {
  for (const child of running) killGroup(child);
}

/** This machine. */
const here: Place = { temporaryDirectory: os.tmpdir(), timeScale, run: runHere };

/**
 * Ms after which a file is killed, on a usual machine. Some take 80 s on two processors, and three
 * times that where those are slow.
 */
const fileLimit = 360_000;

/** The same for those that start hundreds of processes or threads. */
const longFileLimit = 900_000;
const longFile = /\/(hostile_loop|quick|who_answered_(cold|warm))\.serial\./;

/** Runs a test file, within `most` ms; the outcome says what failed. */
export async function runFile(
  { runtime, program, file }: Job,
  place: Place = here,
  most: number = Infinity,
): Promise<FileResult> {
  const directory = fs.mkdtempSync(path.join(place.temporaryDirectory, "netns-run-"));
  directories.add(directory);
  try {
    const report = path.join(directory, "report.xml");
    const start = performance.now();
    const args = testArguments(runtime, file, report, place.timeScale);
    const { output, ending } = await place.run({
      command: [...privateMounts(), program, ...args],
      variables: {
        NO_COLOR: "1",
        [runDirectoryVariable]: directory,
        [runtimeVariable]: runtime,
        [timeScaleVariable]: String(place.timeScale),
      },
      limit: Math.min(most, (longFile.test(file) ? longFileLimit : fileLimit) * place.timeScale),
    });
    const tests = readReport(read(report));
    const problem = judge(tests, ending);
    return {
      runtime,
      file,
      tests,
      ...(problem === undefined ? {} : { problem }),
      skipReasons: [
        ...new Set(read(path.join(directory, skipLogName)).split("\n").filter(Boolean)),
      ],
      output,
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    remove(directory);
  }
}

/** Those of files that are running; a process that is ended removes them too. */
const directories = new Set<string>();
process.on("exit", () => directories.forEach(remove));

function remove(directory: string): void {
  fs.rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}

/** Mounts of a test are seen by no other one, and go when its process ends. */
function privateMounts(): string[] {
  const unshare = findCommand("unshare");
  return unshare !== undefined && hasCapability(CAP_SYS_ADMIN) ? [unshare, "--mount", "--"] : [];
}

function judge(tests: readonly TestResult[], ending: string): string | undefined {
  if (ending !== "exit code 0") {
    return tests.some(({ state }) => state === "failed") && ending === "exit code 1"
      ? undefined
      : ending;
  }
  return tests.length === 0 ? "ran no test" : undefined;
}

function runHere({ command: [program, ...args], variables, limit }: Command): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(program!, args, {
      cwd: root,
      env: { ...process.env, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // A process group, so that what a test leaves running ends with it.
    });
    running.add(child);
    let output = "";
    let ending: string | undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => output += text);
    const timer = setTimeout(() => {
      ending = `killed after ${limit / 1000} s`;
      killGroup(child);
    }, limit);
    const finish = (how: string) => {
      clearTimeout(timer);
      running.delete(child);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ output, ending: ending ?? how });
    };
    child.on("error", (error) => finish(error.message));
    child.on("exit", (code) => {
      killGroup(child);
      // A process that left the group may hold the output open.
      setTimeout(() => finish(`exit code ${code}, with a process left that holds its output`), 5000)
        .unref();
    });
    child.on("close", (code, signal) => finish(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

function read(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}
