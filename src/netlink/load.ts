/**
 * Loads rtnetlink when it is first used: it is two fifths of the library, and many programs have no
 * use for it.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";

/** The part of rtnetlink that is loaded. */
export type NetlinkModule = typeof import("./mod.ts");

/** That part, once it is there. */
export let netlinkModule: NetlinkModule | undefined;

let loading: Promise<NetlinkModule> | undefined;

/** Loads it, unless that is done; after a failure again. */
export function loadNetlink(): Promise<NetlinkModule> {
  return loading ??= load();
}

async function load(): Promise<NetlinkModule> {
  // The caller may be in a window, where a thread that the runtime makes to read files would be born
  // in the wrong namespace. Windows are synchronous: a microtask never runs in one.
  await undefined;
  try {
    return netlinkModule = await import("./mod.ts");
  } catch (cause) {
    loading = undefined;
    throw loadError(cause);
  }
}

function loadError(cause: unknown): NetNSError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NetNSError(`Cannot load rtnetlink: ${reason}`, {
    code: "ERR_NETNS_UNSUPPORTED",
    hint:
      "it is read from the files of the library when it is first used: keep them readable, or " +
      "use it once before they are out of reach: await ns.link.list()",
    cause,
  });
}
