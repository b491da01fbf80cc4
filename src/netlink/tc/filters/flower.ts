/**
 * tc-flower(8): compares fields of a packet.
 *
 * @module
 */

import { wrongType } from "../../../check.ts";
import { AF_INET } from "../../../../ffi/constants.ts";
import { ipText } from "../../../ip_address.ts";
import { mac } from "../../codec/addresses.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { be16, binary, linkName, u16, u8, words } from "../../codec/values.ts";
import { TCA_FLOWER } from "../../constants/pkt_cls.ts";
import { checkHostBits, parsePrefix } from "../../prefix.ts";
import { type ActionAdd, actions } from "../actions/mod.ts";
import { classHandle } from "../handle.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { ETHERNET_PROTOCOLS, type EthernetProtocol, IP_PROTOCOLS } from "../protocols.ts";
import { type ClassifierFlag, classifierFlags } from "./classifier_flags.ts";

/** Compares fields of a packet, all of which must match. */
export interface Flower {
  kind: "flower";
  /** Link-layer addresses. */
  srcMac?: string | undefined;
  dstMac?: string | undefined;
  /** Addresses, or prefixes of them: `10.0.0.0/8`. */
  srcIp?: string | undefined;
  dstIp?: string | undefined;
  /** The protocol within IP, by number or name; ports need `tcp`, `udp` or `sctp`. */
  ipProto?: keyof typeof IP_PROTOCOLS | number | undefined;
  srcPort?: number | undefined;
  dstPort?: number | undefined;
  /** Of a filter for the protocol `802.1q` or `802.1ad`. */
  vlanId?: number | undefined;
  vlanPrio?: number | undefined;
  /** The protocol within the VLAN. */
  vlanEthtype?: EthernetProtocol | undefined;
  /** The protocol of Ethernet; by default that of the filter. */
  ethType?: EthernetProtocol | undefined;
  /** The link that packets must have come in by. */
  indev?: string | undefined;
  /** The class that the packet goes to. */
  classid?: string | undefined;
  /** What is done with the packet, one after the other. */
  actions?: ActionAdd[] | undefined;
  flags?: ClassifierFlag[] | undefined;
}

const protocol = words(be16, ETHERNET_PROTOCOLS);
const addresses = ["srcIp", "dstIp"];
const ports = ["srcPort", "dstPort"];
/** What the kernel's headers call the ports of. */
const transports: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp" };

/** A link-layer address whose mask, of all its bits, is an attribute of its own. */
const wholeMac: Value = {
  write(writer) {
    for (let byte = 0; byte < 6; byte++) writer.u8(0xff);
  },
  read(reader, start, end) {
    for (let at = start; at < end; at++) if (reader.u8(at) !== 0xff) return undefined;
    return true;
  },
};

/** The options of the kind. */
export const flower: OptionsOfKind = {
  table: attributeTable(TCA_FLOWER, {
    TCA_FLOWER_CLASSID: ["classid", classHandle],
    TCA_FLOWER_INDEV: ["indev", linkName],
    TCA_FLOWER_KEY_ETH_DST: ["dstMac", mac],
    TCA_FLOWER_KEY_ETH_DST_MASK: ["dstMacMask", wholeMac],
    TCA_FLOWER_KEY_ETH_SRC: ["srcMac", mac],
    TCA_FLOWER_KEY_ETH_SRC_MASK: ["srcMacMask", wholeMac],
    TCA_FLOWER_KEY_ETH_TYPE: ["ethType", protocol],
    TCA_FLOWER_KEY_IP_PROTO: ["ipProto", words(u8, IP_PROTOCOLS)],
    TCA_FLOWER_KEY_IPV4_SRC: ["srcIp4", binary],
    TCA_FLOWER_KEY_IPV4_SRC_MASK: ["srcIp4Mask", binary],
    TCA_FLOWER_KEY_IPV4_DST: ["dstIp4", binary],
    TCA_FLOWER_KEY_IPV4_DST_MASK: ["dstIp4Mask", binary],
    TCA_FLOWER_KEY_IPV6_SRC: ["srcIp6", binary],
    TCA_FLOWER_KEY_IPV6_SRC_MASK: ["srcIp6Mask", binary],
    TCA_FLOWER_KEY_IPV6_DST: ["dstIp6", binary],
    TCA_FLOWER_KEY_IPV6_DST_MASK: ["dstIp6Mask", binary],
    TCA_FLOWER_KEY_TCP_SRC: ["tcpSrcPort", be16],
    TCA_FLOWER_KEY_TCP_DST: ["tcpDstPort", be16],
    TCA_FLOWER_KEY_UDP_SRC: ["udpSrcPort", be16],
    TCA_FLOWER_KEY_UDP_DST: ["udpDstPort", be16],
    TCA_FLOWER_KEY_SCTP_SRC: ["sctpSrcPort", be16],
    TCA_FLOWER_KEY_SCTP_DST: ["sctpDstPort", be16],
    TCA_FLOWER_KEY_VLAN_ID: ["vlanId", u16],
    TCA_FLOWER_KEY_VLAN_PRIO: ["vlanPrio", u8],
    TCA_FLOWER_KEY_VLAN_ETH_TYPE: ["vlanEthtype", protocol],
    TCA_FLOWER_ACT: ["actions", actions],
    TCA_FLOWER_FLAGS: ["flags", classifierFlags],
    TCA_FLOWER_IN_HW_COUNT: "redundant",
  }),
  options: [
    ...["srcMac", "dstMac", ...addresses, "ipProto", ...ports, "vlanId", "vlanPrio"],
    ...["vlanEthtype", "ethType", "indev", "classid", "actions", "flags"],
  ],
  encode,
  decode,
};

function encode(members: Members, option: string): Members {
  const encoded: Members = {
    srcMacMask: members.srcMac === undefined ? undefined : true,
    dstMacMask: members.dstMac === undefined ? undefined : true,
    ethType: members.ethType ?? members.protocol,
  };
  for (const name of addresses) {
    if (members[name] !== undefined) encodeAddress(encoded, name, members[name], option);
  }
  for (const name of ports) {
    if (members[name] === undefined) continue;
    const { ipProto } = members;
    const number = Object.hasOwn(IP_PROTOCOLS, ipProto as string)
      ? IP_PROTOCOLS[ipProto as keyof typeof IP_PROTOCOLS]
      : ipProto as number;
    const transport = transports[number];
    if (transport === undefined) {
      throw wrongType(`${option}.ipProto`, `"tcp", "udp" or "sctp" with ${name}`, ipProto);
    }
    encoded[`${transport}${name[0]!.toUpperCase()}${name.slice(1)}`] = members[name];
  }
  return encoded;
}

function encodeAddress(encoded: Members, name: string, value: unknown, option: string): void {
  const prefix = parsePrefix(value, `${option}.${name}`);
  checkHostBits(prefix, `${option}.${name}`, value);
  const version = prefix.family === AF_INET ? 4 : 6;
  encoded[`${name}${version}`] = prefix.bytes;
  encoded[`${name}${version}Mask`] = prefix.bytes.map((_, index) =>
    0xff00 >> Math.min(8, Math.max(0, prefix.length - 8 * index)) & 0xff
  );
}

function decode(members: Members): void {
  delete members.srcMacMask;
  delete members.dstMacMask;
  for (const name of addresses) {
    for (const version of [4, 6]) {
      const bytes = members[`${name}${version}`] as Uint8Array | undefined;
      if (bytes === undefined) continue;
      const mask = members[`${name}${version}Mask`] as Uint8Array | undefined;
      delete members[`${name}${version}`];
      delete members[`${name}${version}Mask`];
      const text = ipText(bytes, 0, bytes.byteLength);
      const length = mask === undefined ? bytes.byteLength * 8 : prefixLength(mask);
      members[name] = length === bytes.byteLength * 8 ? text : `${text}/${length}`;
    }
  }
  for (const transport of Object.values(transports)) {
    for (const name of ports) {
      const port = `${transport}${name[0]!.toUpperCase()}${name.slice(1)}`;
      if (members[port] !== undefined) members[name] = members[port];
      delete members[port];
    }
  }
}

function prefixLength(mask: Uint8Array): number {
  let length = 0;
  for (const byte of mask) length += Math.min(8, Math.clz32(~(byte << 24)));
  return length;
}
