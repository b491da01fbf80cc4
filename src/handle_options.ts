/**
 * The options of every way to obtain a handle.
 *
 * @module
 */

import { checkInteger, checkOptions } from "./check.ts";
import { checkDnsOptions, type DnsOptions } from "./dns/options.ts";

/** What every way to obtain a handle takes. */
export interface HandleOptions {
  /**
   * How names are resolved inside. By default as /etc/netns/NAME/resolv.conf and
   * /etc/netns/NAME/hosts say for a name in /run/netns, else /etc/resolv.conf and /etc/hosts;
   * the files are read when the thread of the handle starts.
   */
  dns?: DnsOptions | undefined;
  /**
   * After so many ms without a call the thread of the handle ends, and all that code has left on
   * it: servers, connections, timers, loaded modules. The next call starts another one.
   *
   * @default the thread stays until `close()`
   */
  threadIdleMs?: number | undefined;
}

/** Names of the options. */
const members = ["dns", "threadIdleMs"];

/** Checks the options, of which a caller may have more; returns a copy that does not change. */
export function checkHandleOptions(
  options: HandleOptions,
  others: readonly string[] = [],
): HandleOptions {
  checkOptions("options", options, [...others, ...members]);
  const { dns, threadIdleMs } = options ?? {};
  if (threadIdleMs !== undefined) checkInteger("options.threadIdleMs", threadIdleMs, 1);
  return { dns: checkDnsOptions(dns), threadIdleMs };
}
