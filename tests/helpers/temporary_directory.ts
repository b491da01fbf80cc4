/**
 * A directory for one test, taken away with everything that is mounted in it.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { MNT_DETACH } from "../../ffi/constants.ts";
import { libc } from "../../src/libc.ts";
import { mountPoints } from "./process_state.ts";

/** Runs a function with a new directory, and removes that afterwards. */
export async function inTemporaryDirectory<T>(
  run: (directory: string) => T | Promise<T>,
): Promise<T> {
  const directory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "netns-test-"));
  try {
    return await run(directory);
  } finally {
    unmountAll(directory);
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Unmounts whatever is mounted on a directory and below, the last mount first. */
export function unmountAll(directory: string): void {
  const inside = mountPoints().map((mount) => mount.path)
    .filter((mount) => mount === directory || mount.startsWith(directory + "/"));
  for (const mount of inside.reverse()) libc().umount2(mount, MNT_DETACH);
}
