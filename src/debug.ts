/**
 * `NETNS_DEBUG=audit`: looks after every call whether a thread was left where it does not belong.
 *
 * @module
 */

import { audit } from "./audit.ts";
import { environmentVariable } from "./environment.ts";

let enabled: boolean | undefined;
const reported = new Set<string>();

/** Prints the strays of this process, each once, when the user asked for that. */
export function auditAfterCall(call: string): void {
  enabled ??= environmentVariable("NETNS_DEBUG") === "audit";
  if (!enabled) return;
  for (const { tid, name, inode, stray } of audit()) {
    const line = `thread ${tid} (${name}) is a stray in net:[${inode}]`;
    if (!stray || reported.has(line)) continue;
    reported.add(line);
    console.error(`netns: after ${call}: ${line}`);
  }
}
