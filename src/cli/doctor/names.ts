/**
 * The directory of the names.
 *
 * @module
 */

import { statx } from "../../../ffi/system_calls.ts";
import { isNetNSError, NetNS } from "../../../mod.ts";
import { libc } from "../../libc.ts";
import { mounts } from "../../mountinfo.ts";
import type { Finding } from "./examine.ts";

/** Looks at the directory of the names, and for names that nobody needs. */
export function examineNames(dir: string): Finding[] {
  return [directory(dir), ...stale(dir)];
}

function directory(dir: string): Finding {
  if (typeof statx(libc(), dir) === "number") {
    return { state: "ok", what: `${dir} is made with the first name` };
  }
  const mount = mounts().filter(({ point }) => point === dir).at(-1);
  if (mount === undefined) {
    return { state: "ok", what: `${dir} is no mount yet; the first name makes it one` };
  }
  if (mount.seesOthers) {
    return { state: "ok", what: `${dir} is a shared mount: names are seen everywhere` };
  }
  return {
    state: "warning",
    what: `${dir} is a private mount: names that are made elsewhere are not seen here`,
    remedy:
      "in a container, mount it with rslave; under `netns rootless` and `unshare -m` this is " +
      "as it should be",
  };
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
