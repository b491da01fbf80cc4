/**
 * What tunnels of IP have in common.
 *
 * @module
 */

import type { JointMembers, Members } from "../../codec/attribute_table.ts";
import { switches } from "../../codec/joints.ts";
import { u32 } from "../../codec/values.ts";
import { IP6_TNL_F } from "../../constants/if_tunnel.ts";
import { checkInteger } from "../../../check.ts";
import type { MessageReader } from "../../codec/message_reader.ts";
import type { MessageWriter } from "../../codec/message_writer.ts";

/** The options that all tunnels of IP have. A change leaves the others as they are. */
export interface TunnelOptions {
  /** The address of the other end; `0.0.0.0` or `::` for any. */
  remote?: string | undefined;
  /** The address of this end; `0.0.0.0` or `::` for any. */
  local?: string | undefined;
  /** The link that it sends through, by name or index; null for any. */
  dev?: string | number | null | undefined;
  /** What its packets are put in, to pass network address translation. */
  encap?: "none" | "fou" | "gue" | "mpls" | number | undefined;
  /** The UDP port that they are sent from, with `encap`; 0 for one by flow. */
  encapSport?: number | undefined;
  /** The UDP port of the other end, with `encap`. */
  encapDport?: number | undefined;
  /** Whether they have a UDP checksum over IPv4, with `encap`. */
  encapCsum?: boolean | undefined;
  /** Whether they have a UDP checksum over IPv6, with `encap`. */
  encapCsum6?: boolean | undefined;
  /** Whether checksums are left to the other end, with `encap`. */
  encapRemcsum?: boolean | undefined;
  /** Whether each packet says where to; for routes, flower and eBPF. */
  external?: boolean | undefined;
  /** The mark that routes to the other end are chosen by; 0 for none. */
  fwmark?: number | undefined;
}

/** The options of tunnels over IPv4. */
export interface Ipv4TunnelOptions extends TunnelOptions {
  /** The time to live of its packets; `inherit` for that of the packet inside. */
  ttl?: number | "inherit" | undefined;
  /** The type of service of its packets; `inherit` for that of the packet inside. */
  tos?: number | "inherit" | undefined;
  /** Whether the largest packet on the way is found out; true unless said otherwise. */
  pmtudisc?: boolean | undefined;
}

/** The options of tunnels over IPv6. */
export interface Ipv6TunnelOptions extends TunnelOptions {
  /** The hop limit of its packets; 0 for the default. */
  hoplimit?: number | undefined;
  /** How many tunnels its packets may enter on their way. */
  encaplimit?: number | undefined;
  /** Whether that is not limited. */
  noEncaplimit?: boolean | undefined;
  /** The traffic class of its packets. */
  tclass?: number | undefined;
  /** Whether that is the one of the packet inside. */
  inheritTclass?: boolean | undefined;
  /** The flow label of its packets. */
  flowlabel?: number | undefined;
  /** Whether that is the one of the packet inside. */
  inheritFlowlabel?: boolean | undefined;
  /** Whether the traffic class is given to the packet inside as it comes out. */
  inheritDscp?: boolean | undefined;
  /** Whether `fwmark` is that of the packet inside. */
  inheritFwmark?: boolean | undefined;
  /** Whether it is for Mobile IPv6. Only told. */
  mip6?: boolean | undefined;
  /** Whether the other end may have an address of this host. */
  allowLocalremote?: boolean | undefined;
}

/** Traffic class and flow label of IPv6, which share 28 bits. */
export const flowInfo: readonly [JointMembers] = [{
  joint: {
    names: ["tclass", "flowlabel"],
    write(writer: MessageWriter, members: Members, option: string): boolean {
      const { tclass = 0, flowlabel = 0 } = members;
      if (members.tclass === undefined && members.flowlabel === undefined) return false;
      const high = checkInteger(`${option}.tclass`, tclass, 0, 0xff);
      writer.be32(high << 20 | checkInteger(`${option}.flowlabel`, flowlabel, 0, 0xfffff));
      return true;
    },
    read(reader: MessageReader, start: number, end: number, members: Members): boolean {
      if (end - start !== 4) return false;
      const value = reader.be32(start);
      members.tclass = value >>> 20 & 0xff;
      members.flowlabel = value & 0xfffff;
      return true;
    },
  },
}];

/** The flags of tunnels over IPv6. */
export const ip6TunnelFlags: ReturnType<typeof switches> = switches(u32, {
  noEncaplimit: IP6_TNL_F.IGN_ENCAP_LIMIT,
  inheritTclass: IP6_TNL_F.USE_ORIG_TCLASS,
  inheritFlowlabel: IP6_TNL_F.USE_ORIG_FLOWLABEL,
  mip6: IP6_TNL_F.MIP6_DEV,
  inheritDscp: IP6_TNL_F.RCV_DSCP_COPY,
  inheritFwmark: IP6_TNL_F.USE_ORIG_FWMARK,
  allowLocalremote: IP6_TNL_F.ALLOW_LOCAL_REMOTE,
});
