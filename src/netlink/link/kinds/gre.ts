/**
 * gre, gretap, ip6gre, ip6gretap: packets or frames in GRE, RFC 2784.
 *
 * @module
 */

import { checkBoolean, checkInteger } from "../../../check.ts";
import { ipv4, ipv6 } from "../../codec/addresses.ts";
import {
  type AttributeTable,
  attributeTable,
  type Declaration,
  type JointMembers,
  type Members,
} from "../../codec/attribute_table.ts";
import { switches } from "../../codec/joints.ts";
import type { MessageReader } from "../../codec/message_reader.ts";
import type { MessageWriter } from "../../codec/message_writer.ts";
import { be16, be32, boolean, flag, lowerLink, u16, u32, u8, words } from "../../codec/values.ts";
import {
  GRE_CSUM,
  GRE_KEY,
  GRE_SEQ,
  IFLA_GRE,
  TUNNEL_ENCAP,
  TUNNEL_ENCAP_FLAG,
} from "../../constants/if_tunnel.ts";
import {
  flowInfo,
  ip6TunnelFlags,
  type Ipv4TunnelOptions,
  type Ipv6TunnelOptions,
} from "./tunnel.ts";

/** The options that GRE has over IPv4 and IPv6. */
export interface GreOptions {
  /** The key that received packets must have; null for none. */
  ikey?: number | null | undefined;
  /** The key that is put into sent packets; null for none. */
  okey?: number | null | undefined;
  /** Whether received packets must have sequence numbers. */
  iseq?: boolean | undefined;
  /** Whether sent packets have sequence numbers. */
  oseq?: boolean | undefined;
  /** Whether received packets must have a checksum. */
  icsum?: boolean | undefined;
  /** Whether sent packets have a checksum. */
  ocsum?: boolean | undefined;
  /** Whether packets may be fragmented although they say not; needs `pmtudisc: false`. */
  ignoreDf?: boolean | undefined;
}

/** IP packets in GRE over IPv4. */
export interface Gre extends Ipv4TunnelOptions, GreOptions {
  kind: "gre";
}

/** Ethernet frames in GRE over IPv4. */
export interface Gretap extends Ipv4TunnelOptions, GreOptions {
  kind: "gretap";
}

/** IP packets in GRE over IPv6. */
export interface Ip6gre extends Ipv6TunnelOptions, GreOptions {
  kind: "ip6gre";
}

/** Ethernet frames in GRE over IPv6. */
export interface Ip6gretap extends Ipv6TunnelOptions, GreOptions {
  kind: "ip6gretap";
}

/** Which of key, sequence number and checksum packets have. */
function greFlags(key: string, seq: string, csum: string): readonly [JointMembers] {
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const { [key]: hasKey, [seq]: hasSeq, [csum]: hasCsum } = members;
    if (hasKey === undefined && hasSeq === undefined && hasCsum === undefined) return false;
    checkBoolean(`${option}.${seq}`, hasSeq);
    checkBoolean(`${option}.${csum}`, hasCsum);
    writer.be16(
      (hasKey === undefined || hasKey === null ? 0 : GRE_KEY) | (hasSeq === true ? GRE_SEQ : 0) |
        (hasCsum === true ? GRE_CSUM : 0),
    );
    return true;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    if (end - start !== 2) return false;
    const flags = reader.be16(start);
    members[key] = (flags & GRE_KEY) === 0 ? null : 0;
    members[seq] = (flags & GRE_SEQ) !== 0;
    members[csum] = (flags & GRE_CSUM) !== 0;
    return true;
  };
  return [{ joint: { names: [key, seq, csum], write, read } }];
}

/** The key itself. The kernel tells 0 where there is none. */
function greKey(key: string): readonly [JointMembers] {
  const write = (writer: MessageWriter, members: Members, option: string) => {
    const value = members[key];
    if (value === undefined || value === null) return false;
    writer.be32(checkInteger(`${option}.${key}`, value, 0, 0xffffffff));
    return true;
  };
  const read = (reader: MessageReader, start: number, end: number, members: Members) => {
    const value = be32.read(reader, start, end, members);
    if (value !== undefined && members[key] !== null) members[key] = value;
    return value !== undefined;
  };
  return [{ joint: { names: [key], write, read } }];
}

const first = {
  IFLA_GRE_IFLAGS: greFlags("ikey", "iseq", "icsum"),
  IFLA_GRE_OFLAGS: greFlags("okey", "oseq", "ocsum"),
  IFLA_GRE_IKEY: greKey("ikey"),
  IFLA_GRE_OKEY: greKey("okey"),
} satisfies Record<string, Declaration>;

const last = {
  IFLA_GRE_LINK: ["dev", lowerLink],
  IFLA_GRE_FWMARK: ["fwmark", u32],
  IFLA_GRE_ENCAP_TYPE: ["encap", words(u16, TUNNEL_ENCAP)],
  IFLA_GRE_ENCAP_FLAGS: switches(u16, {
    encapCsum: TUNNEL_ENCAP_FLAG.CSUM,
    encapCsum6: TUNNEL_ENCAP_FLAG.CSUM6,
    encapRemcsum: TUNNEL_ENCAP_FLAG.REMCSUM,
  }),
  IFLA_GRE_ENCAP_SPORT: ["encapSport", be16],
  IFLA_GRE_ENCAP_DPORT: ["encapDport", be16],
  IFLA_GRE_COLLECT_METADATA: ["external", flag],
  IFLA_GRE_IGNORE_DF: ["ignoreDf", boolean(u8)],
} satisfies Record<string, Declaration>;

/** The options of gre and gretap. */
export const gre: AttributeTable = attributeTable(IFLA_GRE, {
  ...first,
  IFLA_GRE_LOCAL: ["local", ipv4],
  IFLA_GRE_REMOTE: ["remote", ipv4],
  IFLA_GRE_PMTUDISC: ["pmtudisc", boolean(u8)],
  IFLA_GRE_TOS: ["tos", words(u8, { inherit: 1 })],
  IFLA_GRE_TTL: ["ttl", words(u8, { inherit: 0 })],
  ...last,
});

/** The options of ip6gre and ip6gretap. */
export const ip6gre: AttributeTable = attributeTable(IFLA_GRE, {
  ...first,
  IFLA_GRE_LOCAL: ["local", ipv6],
  IFLA_GRE_REMOTE: ["remote", ipv6],
  IFLA_GRE_TTL: ["hoplimit", u8],
  IFLA_GRE_ENCAP_LIMIT: ["encaplimit", u8],
  IFLA_GRE_FLOWINFO: flowInfo,
  IFLA_GRE_FLAGS: ip6TunnelFlags,
  ...last,
});
