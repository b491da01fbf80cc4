/**
 * A rule of policy routing, as it is described and as it is read.
 *
 * @module
 */

import type { RawAttribute } from "../codec/attributes.ts";
import type { FR_ACT } from "../constants/fib_rules.ts";
import type { Family } from "../family.ts";
import type { IpProtocol } from "../ip_protocol.ts";
import type { Protocol } from "../protocol.ts";
import type { RoutingTable } from "../routing_table.ts";

/** What is done with packets that a rule matches. */
export type RuleAction = keyof typeof FR_ACT | number;

/** One number, or the first and the last of a range. */
export type NumberRange = number | readonly [first: number, last: number];

/** A rule to remove: as much of it as tells it from others. */
export interface RuleDel {
  /** The family; that of `from` and `to`, else IPv4 by default. */
  family?: Family | undefined;
  /** The sources that it matches: an address with the length of its prefix, or `all`. */
  from?: string | undefined;
  /** The destinations that it matches: an address with the length of its prefix, or `all`. */
  to?: string | undefined;
  /** Whether it matches what the rest of it does not. */
  not?: boolean | undefined;
  /** Its place: rules are gone through from the lowest number on. */
  priority?: number | undefined;
  /** What is done. @default {"lookup"}, with `goto` that */
  action?: RuleAction | undefined;
  /** The table that is looked up. @default {"main"} */
  table?: RoutingTable | undefined;
  /** The priority of the rule to go on with. */
  goto?: number | undefined;
  /** The name of the link that packets came in by; `lo` for those of the machine itself. */
  iif?: string | undefined;
  /** The name of the link that the sending socket is bound to. */
  oif?: string | undefined;
  /** The mark that packets have. */
  fwmark?: number | undefined;
  /** Which bits of the mark count; all by default. */
  fwmask?: number | undefined;
  /** The type of service that packets have. */
  tos?: number | undefined;
  /** The DSCP that packets have, all six bits of it. */
  dscp?: number | undefined;
  /** Which bits of the DSCP count. */
  dscpMask?: number | undefined;
  /** The flow label of IPv6 that packets have. */
  flowlabel?: number | undefined;
  /** Which bits of the flow label count. */
  flowlabelMask?: number | undefined;
  /** The users whose packets it matches. */
  uidrange?: NumberRange | undefined;
  /** The protocol above IP. */
  ipproto?: IpProtocol | undefined;
  /** The source ports. */
  sport?: NumberRange | undefined;
  /** Which bits of the source port count. */
  sportMask?: number | undefined;
  /** The destination ports. */
  dport?: NumberRange | undefined;
  /** Which bits of the destination port count. */
  dportMask?: number | undefined;
  /** The id of the tunnel that packets came through, exact up to 2^53. */
  tunId?: number | undefined;
  /** Whether the table is that of the VRF of the link. */
  l3mdev?: boolean | undefined;
  /** Routes whose prefix is this long at most are not taken. */
  suppressPrefixlength?: number | undefined;
  /** Routes over links of this group are not taken. */
  suppressIfgroup?: number | undefined;
  /** The realms, the source's in the upper 16 bits. */
  realms?: number | undefined;
  /** Who made it. */
  proto?: Protocol | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
  /** As it is read; not written. */
  flags?: readonly (string | number)[] | undefined;
}

/** A rule to add. */
export type RuleAdd = RuleDel;

/** A rule as it is read. */
export interface Rule extends RuleAdd {
  /** Its family. */
  family: Family;
  /** Its place: rules are gone through from the lowest number on. */
  priority: number;
  /** What is done. */
  action: RuleAction;
  /** What the kernel says of it: `permanent`, `unresolved`, `iifDetached`, `oifDetached`. */
  flags: readonly (string | number)[];
}
