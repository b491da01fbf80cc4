/**
 * What to do about a request for a link that the kernel refused, given what it asked for.
 *
 * @module
 */

import type { Hint } from "../request.ts";

/** Options of bridges that not every kernel knows. */
const vlanMembers = [
  ...["vlanFiltering", "vlanProtocol", "vlanDefaultPvid", "vlanStatsEnabled", "vlanStatsPerPort"],
] as const;

/** The settings that explain errors. */
type Settings = { readonly index?: unknown; readonly mac?: unknown; readonly netns?: unknown };

/** What helps against the error of a request with these settings, where the kernel gives no text. */
export function linkHint(settings: Settings): Hint {
  return (code, extack) => {
    if (extack !== undefined) return undefined;
    switch (code) {
      case "EEXIST":
        return settings.index === undefined
          ? undefined
          : "the namespace has a link of this name, or one of this index";
      case "EINVAL":
        return invalid(settings);
      case "EOPNOTSUPP":
        return vlanMembers.some((name) => (settings as Record<string, unknown>)[name] !== undefined)
          ? withoutVlans
          : undefined;
    }
    return undefined;
  };
}

/** Why a kernel may not know of VLANs in bridges. */
export const withoutVlans =
  "the kernel was built without VLANs of bridges: CONFIG_BRIDGE_VLAN_FILTERING";

function invalid({ mac, netns }: Settings): string | undefined {
  const reasons = [
    mac === undefined ? [] : "mac must be as long as the kind of link has it: 6 bytes on Ethernet",
    netns === undefined ? [] : "netns must be a network namespace",
  ].flat();
  if (reasons.length === 0) return undefined;
  return `a value is not allowed, for this kind of link or in this state; ${reasons.join("; ")}`;
}
