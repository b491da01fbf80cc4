/**
 * What to do about a request that the kernel refused: mostly it gives an errno and no more.
 *
 * @module
 */

import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_GETROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_NEWNEIGH,
  RTM_NEWNSID,
  RTM_NEWQDISC,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
} from "./constants/rtnetlink.ts";
import type { AttributePolicy, Extack } from "./extack.ts";

/** What helps against the error of a request; `undefined` where there is nothing to add. */
export function requestHint(
  code: string,
  type: number,
  extack: Extack | undefined,
): string | undefined {
  return byText(extack?.message ?? "") ?? (extack && byAttribute(extack)) ??
    byType[code]?.[type] ?? byCode[code];
}

/** The words of the kernel that do not say what to do. */
const words: readonly (readonly [RegExp, string])[] = [
  [
    /^Unknown device type/,
    "the kernel does not know this kind of link: its module is not loaded (modprobe) or not built",
  ],
  [
    /^Specified qdisc (kind is unknown|not found)/,
    "the kernel does not know this kind of qdisc: load its module (modprobe sch_KIND)",
  ],
  [
    /^(TC classifier not found|Specified filter kind is unknown)/,
    "the kernel does not know this kind of filter: load its module (modprobe cls_KIND)",
  ],
  [
    /^Failed to load TC action module/,
    "the kernel does not know this kind of action: load its module (modprobe act_KIND)",
  ],
  [
    /^Nexthop has invalid gateway/,
    "the gateway must be in a network of a link that is up; or use onlink with dev",
  ],
  [/^(Device for nexthop is not up|Nexthop device is not up)/, "bring the link up first"],
  [
    /^Invalid prefix for given prefix length/,
    "bits of the address are set behind the prefix: 10.1.0.0/16, not 10.1.2.3/16",
  ],
  [/^The interface netns is immutable/, "a link of this kind stays in its namespace"],
  [
    /^An interface with the same name exists/,
    "give it another name in the same request, or rename the other one first",
  ],
];

function byText(message: string): string | undefined {
  return words.find(([pattern]) => pattern.test(message))?.[1];
}

function byAttribute({ attribute, policy, missing }: Extack): string | undefined {
  if (missing !== undefined) {
    const where = missing.nest === undefined ? "" : ` of ${missing.nest}`;
    return `attribute ${missing.type}${where} is needed`;
  }
  const rule = policy === undefined ? "" : showPolicy(policy);
  return rule === "" ? undefined : `${attribute ?? "the attribute"} must be ${rule}`;
}

function showPolicy(policy: AttributePolicy): string {
  const { type, minValue, maxValue, minLength, maxLength, mask } = policy;
  return [
    type,
    showRange(minValue, maxValue),
    showRange(minLength, maxLength, " bytes long"),
    mask === undefined ? undefined : `within the mask 0x${mask.toString(16)}`,
  ].filter((part) => part !== undefined).join(", ");
}

function showRange(
  min: number | bigint | undefined,
  max: number | bigint | undefined,
  unit = "",
): string | undefined {
  if (min === undefined && max === undefined) return undefined;
  if (min === undefined) return `at most ${max}${unit}`;
  return max === undefined ? `at least ${min}${unit}` : `${min} to ${max}${unit}`;
}

const noSuchLink = "the namespace has no such link";

/** By errno and type of message, where the kernel gives no text. */
const byType: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  EBUSY: {
    [RTM_NEWLINK]:
      "something uses it: a link has one master and one parent at a time, and before " +
      "Linux 6.2 is renamed only while it is down",
  },
  EEXIST: {
    [RTM_NEWLINK]: "the namespace has a link of this name",
    [RTM_NEWLINKPROP]: "a link of the namespace has this name",
    [RTM_NEWADDR]: "the link has the address; replace does not mind",
    [RTM_NEWROUTE]: "there is such a route; replace does not mind",
    [RTM_NEWRULE]: "there is such a rule",
    [RTM_NEWNEIGH]: "there is such an entry; replace does not mind",
    [RTM_NEWQDISC]: "the link has a qdisc there; replace does not mind",
    [RTM_NEWTCLASS]: "there is such a class; replace does not mind",
    [RTM_NEWTFILTER]: "there is such a filter; replace does not mind",
    [RTM_NEWNSID]: "the namespace has an id already, or another one has this id",
  },
  ENOENT: {
    [RTM_DELRULE]: "there is no such rule",
    [RTM_DELNEIGH]: "there is no such entry",
    [RTM_NEWROUTE]: "there is no such route to change; replace makes it",
    [RTM_NEWQDISC]: "the link has no such qdisc",
    [RTM_NEWTCLASS]: "the link has no such qdisc or class",
    [RTM_NEWTFILTER]: "the link has no such qdisc or filter",
  },
  ESRCH: {
    [RTM_DELROUTE]: "there is no such route",
    [RTM_NEWLINK]: "there is no such process",
  },
  EADDRNOTAVAIL: { [RTM_DELADDR]: "the link has no such address" },
  EBADF: { [RTM_NEWLINK]: "netns is no open descriptor" },
  EINVAL: {
    [RTM_NEWLINK]: "a value is not allowed, for this kind of link or in this state",
  },
  ENOBUFS: {
    [RTM_NEWADDR]: "the mtu of the link is below 68, too small for IPv4",
  },
  ENETUNREACH: { [RTM_GETROUTE]: "no route leads there" },
  EHOSTUNREACH: { [RTM_GETROUTE]: "a route says that it cannot be reached" },
  EOPNOTSUPP: {
    [RTM_NEWLINK]: "the link or its kind does not support this",
    [RTM_DELLINK]: "a link of this kind cannot be deleted",
    [RTM_NEWNEIGH]: "the link does not support this",
    [RTM_NEWROUTE]: "the kernel does not support this, or not in this family",
  },
};

const byCode: Readonly<Record<string, string>> = {
  EPERM: "CAP_NET_ADMIN is needed in the user namespace that the network namespace belongs to",
  EACCES: "the kernel does not allow this in the state that things are in",
  ENODEV: noSuchLink,
  ENXIO: noSuchLink,
  EBADF: "a namespace was named by a descriptor that is not open",
  ESRCH: "there is no such object, or no such process",
  ENOENT: "there is no such object",
  EEXIST: "there is such an object already",
  EBUSY: "something uses it",
  ENETDOWN: "bring the link up first",
  ENETUNREACH: "no route leads to the gateway; use onlink with dev where none is needed",
  EHOSTUNREACH: "no route leads to the gateway",
  EOPNOTSUPP: "the kernel does not support this",
  EAFNOSUPPORT: "the kernel has no such family: IPv6 may be off",
};
