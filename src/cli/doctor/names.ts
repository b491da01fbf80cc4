/**
 * The directory of the names.
 *
 * @module
 */

import fs from "node:fs";
import { isNetNSError, NetNS } from "../../../mod.ts";
import type { Finding } from "./examine.ts";

/** Looks at the directory of the names, and for names that nobody needs. */
export function examineNames(dir: string): Finding[] {
  return [directory(dir), ...stale(dir)];
}

function directory(dir: string): Finding {
  const line = mountOf(dir);
  if (!fs.existsSync(dir)) return { state: "ok", what: `${dir} is made with the first name` };
  if (line === undefined) {
    return { state: "ok", what: `${dir} is no mount yet; the first name makes it one` };
  }
  const shared = / shared:\d+/.test(line);
  return shared ? { state: "ok", what: `${dir} is a shared mount: names are seen everywhere` } : {
    state: "warning",
    what: `${dir} is not shared: names that others make may not be seen here`,
    remedy: `mount --make-rshared ${dir}; in a container, mount it with rslave`,
  };
}

function mountOf(dir: string): string | undefined {
  const mounts = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return mounts.filter((line) => line.split(" ")[4] === dir).at(-1);
}

function stale(dir: string): Finding[] {
  try {
    const found = NetNS.prune({ dir, dryRun: true });
    return found.length === 0 ? [] : [{
      state: "warning",
      what: `names that nobody needs: ${found.map(({ name }) => name).join(" ")}`,
      remedy: "netns prune",
    }];
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    return [{ state: "warning", what: error.message, remedy: error.hint }];
  }
}
