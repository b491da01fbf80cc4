/**
 * Programs as an ordinary user.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { type Skip, skipIf } from "./requirements.ts";
import { executable } from "./runtime.ts";

/** Who has no privilege. */
const NOBODY = 65534;

/** Put before a command that an ordinary user shall run; nothing where this process is one. */
export const asOrdinaryUser: readonly string[] = process.getuid?.() === 0
  ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"]
  : [];

/** Directories that the user may search, and one that he may write. */
export function ordinaryUserEnvironment(home: string): Record<string, string> {
  return {
    PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
    HOME: home,
    DENO_DIR: `${home}/deno`,
    TMPDIR: home,
    XDG_RUNTIME_DIR: home,
  };
}

/** Skips where an ordinary user may not run this runtime, or read a file. */
export function skipUnlessReadableByUsers(file: string): Skip {
  const [program, ...args] = [...asOrdinaryUser, "test", "-r", file, "-a", "-x", executable];
  const { status } = spawnSync(program!, args);
  return skipIf(status !== 0, "an ordinary user may not read these files");
}
