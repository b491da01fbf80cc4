/**
 * What `netns doctor` finds in a state that a test sets up.
 *
 * @module
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import { netns } from "./command.ts";
import { leakChecked } from "./leak_check.ts";
import { ordinaryUserEnvironment } from "./ordinary_user.ts";
import { type Skip, skipAny, skipUnlessPrivileged, skipWithout } from "./requirements.ts";
import type { RunOptions } from "./runtime.ts";
import { inTemporaryDirectory } from "./temporary_directory.ts";

/** Skips where states cannot be set up. */
export const privileged: Skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "setpriv" }),
  skipWithout({ command: "unshare" }),
);

/** What was found: a state, and what is so, and what to do about it. */
export interface Examined {
  canCreate: boolean;
  found(what: RegExp): { state: string; what: string; remedy?: string };
}

/** A test of what is found under a prefix, with the exit code that goes with it. */
export function examining(
  name: string,
  skip: Skip,
  { doctor = [], ...options }: RunOptions & { doctor?: string[] },
  check: (examined: Examined) => void,
): void {
  leakChecked(name, { skip }, () =>
    inTemporaryDirectory(async (home) => {
      fs.chmodSync(home, 0o777);
      const { stdout, stderr, exitCode } = await netns(["doctor", "--json", ...doctor], {
        ...options,
        env: ordinaryUserEnvironment(home),
      });
      assert.equal(stderr, "");
      const { canCreate, findings } = JSON.parse(stdout);
      assert.equal(exitCode, canCreate ? 0 : 1);
      check({
        canCreate,
        found(what) {
          const finding = findings.find((one: { what: string }) => what.test(one.what));
          assert.ok(finding, `${what} is not among ${stdout}`);
          return finding;
        },
      });
    }));
}

/** Put before a command: a mount namespace that a shell script prepares. */
export function hidden(script: string): string[] {
  return ["unshare", "--mount", "sh", "-c", `${script} && exec "$@"`, "sh"];
}
