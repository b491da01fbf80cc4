/**
 * Limits of namespaces(7) on how many there may be.
 *
 * @module
 */

import { readFile } from "./files.ts";
import type { Finding } from "./examine.ts";

/** What is limited for each user, and counts here. */
export const limits = [
  "user.max_net_namespaces",
  "user.max_user_namespaces",
  "user.max_mnt_namespaces",
] as const;
type Limit = typeof limits[number];

/** How many there may be; undefined where the kernel does not tell. */
export function limitOf(name: Limit): number | undefined {
  const text = readFile(`/proc/sys/${name.replace(".", "/")}`);
  return text === undefined ? undefined : Number(text);
}

/** A command that raises a limit. */
export function raise(name: Limit): string {
  return `sysctl -w ${name}=15000`;
}

/** Looks at the limits. */
export function examineLimits(): Finding[] {
  return limitOf("user.max_net_namespaces") !== 0 ? [] : [{
    state: "failed",
    what: "no network namespace may be created: user.max_net_namespaces is 0",
    remedy: raise("user.max_net_namespaces"),
  }];
}

/** What helps where no namespace can be created for a limit. */
export function explainLimit(): string {
  const limit = limitOf("user.max_net_namespaces");
  return limit === 0
    ? raise("user.max_net_namespaces")
    : `user.max_net_namespaces is ${limit ?? "not known"}, for each user, and a user namespace ` +
      `above may have a lower one: close some namespaces (netns list --all), or ` +
      raise("user.max_net_namespaces");
}
