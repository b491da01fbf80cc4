/**
 * Makes the kernel's files about the network, by the runtime's functions, those of the namespace.
 *
 * @module
 */

import process from "node:process";
import { type ReadLink, threadId } from "../where.ts";
import { containBunFiles } from "./bun.ts";
import { containDenoFiles } from "./deno.ts";
import { kernelPath } from "./kernel_path.ts";
import { containFileUrls } from "./file_urls.ts";
import { containNodeFs } from "./node_fs.ts";

/** Contains the files of the calling thread. */
export function containFiles(readLink: ReadLink): void {
  let tid: number | undefined;
  const surroundings = {
    pid: process.pid,
    tid: () => tid ??= threadId(readLink),
    cwd: () => process.cwd(),
  };
  const recognize = (path: unknown) => kernelPath(path, surroundings);
  containNodeFs(recognize, !("Deno" in globalThis));
  if ("Bun" in globalThis) containBunFiles(recognize);
  if ("Deno" in globalThis) containDenoFiles(recognize);
  if ("Bun" in globalThis || "Deno" in globalThis) containFileUrls(recognize);
}
