/**
 * ipip, sit, ip6tnl: IP packets in IP packets.
 *
 * @module
 */

import { ipv4, ipv6 } from "../../codec/addresses.ts";
import {
  type AttributeTable,
  attributeTable,
  type Declaration,
} from "../../codec/attribute_table.ts";
import { switches } from "../../codec/joints.ts";
import { be16, boolean, flag, lowerLink, u16, u32, u8, words } from "../../codec/values.ts";
import { IFLA_IPTUN, TUNNEL_ENCAP, TUNNEL_ENCAP_FLAG } from "../../constants/if_tunnel.ts";
import {
  flowInfo,
  ip6TunnelFlags,
  type Ipv4TunnelOptions,
  type Ipv6TunnelOptions,
} from "./tunnel.ts";

/** IPv4 in IPv4. */
export interface Ipip extends Ipv4TunnelOptions {
  kind: "ipip";
  /** What is inside; `ipip` unless said otherwise. */
  mode?: "any" | "ipip" | "mplsip" | number | undefined;
}

/** IPv6 in IPv4. */
export interface Sit extends Ipv4TunnelOptions {
  kind: "sit";
  /** What is inside; `ip6ip` unless said otherwise. */
  mode?: "any" | "ip6ip" | "ipip" | "mplsip" | number | undefined;
  /** Whether it works by ISATAP, RFC 5214. */
  isatap?: boolean | undefined;
  /** The prefix of the provider, with 6rd, RFC 5969. */
  sixrdPrefix?: string | undefined;
  /** How many bits that has. */
  sixrdPrefixlen?: number | undefined;
  /** The prefix that all IPv4 addresses of the provider have. */
  sixrdRelayPrefix?: string | undefined;
  /** How many bits that has. */
  sixrdRelayPrefixlen?: number | undefined;
}

/** IPv4 or IPv6 in IPv6. */
export interface Ip6tnl extends Ipv6TunnelOptions {
  kind: "ip6tnl";
  /** What is inside; `ip6ip6` unless said otherwise. */
  mode?: "any" | "ipip6" | "ip6ip6" | number | undefined;
}

const last = {
  IFLA_IPTUN_LINK: ["dev", lowerLink],
  IFLA_IPTUN_FWMARK: ["fwmark", u32],
  IFLA_IPTUN_ENCAP_TYPE: ["encap", words(u16, TUNNEL_ENCAP)],
  IFLA_IPTUN_ENCAP_FLAGS: switches(u16, {
    encapCsum: TUNNEL_ENCAP_FLAG.CSUM,
    encapCsum6: TUNNEL_ENCAP_FLAG.CSUM6,
    encapRemcsum: TUNNEL_ENCAP_FLAG.REMCSUM,
  }),
  IFLA_IPTUN_ENCAP_SPORT: ["encapSport", be16],
  IFLA_IPTUN_ENCAP_DPORT: ["encapDport", be16],
  IFLA_IPTUN_COLLECT_METADATA: ["external", flag],
} satisfies Record<string, Declaration>;

const overIpv4 = {
  IFLA_IPTUN_LOCAL: ["local", ipv4],
  IFLA_IPTUN_REMOTE: ["remote", ipv4],
  IFLA_IPTUN_PMTUDISC: ["pmtudisc", boolean(u8)],
  IFLA_IPTUN_TOS: ["tos", words(u8, { inherit: 1 })],
  IFLA_IPTUN_TTL: ["ttl", words(u8, { inherit: 0 })],
  ...last,
} satisfies Record<string, Declaration>;

/** The options of ipip. */
export const ipip: AttributeTable = attributeTable(IFLA_IPTUN, {
  IFLA_IPTUN_PROTO: ["mode", words(u8, { any: 0, ipip: 4, mplsip: 137 })],
  ...overIpv4,
});

/** The options of sit. */
export const sit: AttributeTable = attributeTable(IFLA_IPTUN, {
  IFLA_IPTUN_PROTO: ["mode", words(u8, { any: 0, ip6ip: 41, ipip: 4, mplsip: 137 })],
  ...overIpv4,
  IFLA_IPTUN_FLAGS: switches(be16, { isatap: 1 }),
  IFLA_IPTUN_6RD_PREFIX: ["sixrdPrefix", ipv6],
  IFLA_IPTUN_6RD_PREFIXLEN: ["sixrdPrefixlen", u16],
  IFLA_IPTUN_6RD_RELAY_PREFIX: ["sixrdRelayPrefix", ipv4],
  IFLA_IPTUN_6RD_RELAY_PREFIXLEN: ["sixrdRelayPrefixlen", u16],
});

/** The options of ip6tnl. */
export const ip6tnl: AttributeTable = attributeTable(IFLA_IPTUN, {
  IFLA_IPTUN_PROTO: ["mode", words(u8, { any: 0, ipip6: 4, ip6ip6: 41 })],
  IFLA_IPTUN_LOCAL: ["local", ipv6],
  IFLA_IPTUN_REMOTE: ["remote", ipv6],
  IFLA_IPTUN_TTL: ["hoplimit", u8],
  IFLA_IPTUN_ENCAP_LIMIT: ["encaplimit", u8],
  IFLA_IPTUN_FLOWINFO: flowInfo,
  IFLA_IPTUN_FLAGS: ip6TunnelFlags,
  ...last,
});
