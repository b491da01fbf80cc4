/**
 * The errors for files that cannot be shown as the namespace has them.
 *
 * @module
 */

import { NetNSError } from "../../../errors.ts";
import type { KernelPath } from "./kernel_path.ts";

const reasons = {
  sysfs: {
    why: "/sys shows the network namespace in which it was mounted",
    hint: "os.networkInterfaces() and /proc/net show the namespace's own interfaces; a program " +
      "under `ip netns exec` has a /sys of its own",
  },
  sysctl: {
    why: "the runtime opens it on a thread outside of the network namespace",
    hint: "use fs.readFileSync, fs.promises.readFile or fs.createReadStream, or ns.sysctl",
  },
} as const;

/** The error for a file. */
export function refusal({ kind, path }: KernelPath): NetNSError {
  const { why, hint } = reasons[kind === "sysfs" ? "sysfs" : "sysctl"];
  return new NetNSError(`Cannot use "${path}" inside a network namespace: ${why}`, {
    code: "ERR_NETNS_NOT_CONTAINED",
    path,
    hint,
  });
}
