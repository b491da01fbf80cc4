/**
 * Workers of Bun, which run a file before the program; Bun takes nothing but a file for that.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { NetNSError } from "../../../errors.ts";
import { bootstrap } from "./bootstrap.ts";
import type { ConstructWorker } from "./worker_class.ts";

interface Options {
  preload?: string | readonly string[];
}

/** What the nodes and the web's Workers have to say that they are gone. */
interface BunWorker {
  on?(event: "exit", listener: () => void): void;
  addEventListener?(event: "close", listener: () => void): void;
}

/** The file removes itself, and the directory when no other file is in it. */
const text = `const fs = require("node:fs");
fs.unlinkSync(__filename);
try { fs.rmdirSync(__dirname); } catch {}
${bootstrap("require")}
`;

/** Starts a contained Worker, by a file in a directory that is made when it is needed. */
export function constructOnBun(
  directory: string,
  ...[own, args, newTarget]: Parameters<ConstructWorker>
): object {
  const [program, options] = args as [unknown, Options | undefined];
  const file = writeFile(directory);
  const preload = [file, ...[options?.preload ?? []].flat()];
  let worker: BunWorker;
  try {
    worker = Reflect.construct(own, [program, { ...options, preload }], newTarget);
  } catch (error) {
    remove(directory, file);
    throw error;
  }
  // One that ends before it runs leaves the file.
  const onEnd = () => remove(directory, file);
  if (worker.on) worker.on("exit", onEnd);
  else worker.addEventListener!("close", onEnd);
  return worker;
}

function writeFile(directory: string): string {
  const file = `${directory}/${randomBytes(8).toString("hex")}.cjs`;
  for (let attempt = 1;; attempt++) {
    try {
      fs.mkdirSync(directory, { mode: 0o700, recursive: true });
      fs.writeFileSync(file, text, { flag: "wx", mode: 0o600 });
      return file;
    } catch (cause) {
      // Another Worker may remove the directory between the two calls.
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT" && attempt < 100) continue;
      throw new NetNSError(`Cannot start a Worker inside a network namespace: ${message}`, {
        code: "ERR_NETNS_NOT_CONTAINED",
        path: directory,
        hint: "Bun lets a file only keep the Worker inside: set TMPDIR to a directory where one " +
          "can be made",
        cause,
      });
    }
  }
}

function remove(directory: string, file: string): void {
  fs.rmSync(file, { force: true });
  try {
    fs.rmdirSync(directory);
  } catch {
    // It is gone, or the file of another Worker is in it.
  }
}
