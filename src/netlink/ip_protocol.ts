/**
 * Protocols above IP.
 *
 * @module
 */

import type { Value } from "./codec/attribute_table.ts";
import { u8, words } from "./codec/values.ts";

const IPPROTO = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  "ipv6-icmp": 58,
  sctp: 132,
} as const;

/** A protocol above IP, as /etc/protocols calls it, or its number. */
export type IpProtocol = keyof typeof IPPROTO | number;

/** The protocol in 8 bits. */
export const ipProtocol: Value = words(u8, IPPROTO);
