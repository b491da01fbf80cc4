/**
 * RTM_NEWROUTE and its relatives: a route as bytes and as an object.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { checkBoolean, outOfRange } from "../../check.ts";
import { ip } from "../codec/addresses.ts";
import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { type MessageWriter, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { checkMembers, flat } from "../codec/nests.ts";
import {
  binary,
  boolean,
  link,
  u32,
  u8,
  wordNumber,
  words,
  wordsByNumber,
} from "../codec/values.ts";
import { RTA, RTN, RTNH_F, RTPROT } from "../constants/route.ts";
import { commonFamily, type Family, familyNumber, familyOfAddress } from "../family.ts";
import { checkHostBits, lengthText, parseNetwork, parsePrefix, prefixAddress } from "../prefix.ts";
import { table, tableInHeader, tableNumber, tableWord } from "../routing_table.ts";
import { RT_SCOPE } from "../scope.ts";
import { foreignGateway, gateway } from "./gateway.ts";
import { encapType, nexthops } from "./nexthops.ts";
import type { Route } from "./route.ts";
import { routeFlagWords } from "./route_flags.ts";
import { metrics } from "./route_metrics.ts";

/** The length of `struct rtmsg`. */
export const RTMSG_LENGTH = 12;

/** Clock ticks that programs are told, in a second. */
const USER_HZ = 100;

/** `struct rta_cacheinfo`. What is left of the life time is a member of the route. */
const cacheInfo: Value = {
  write() {},
  read(reader, start, end, members) {
    if (end - start < 20) return undefined;
    const expires = reader.i32(start + 8);
    if (expires !== 0) members.expires = Math.trunc(expires / USER_HZ);
    return {
      users: reader.u32(start),
      age: reader.u32(start + 4),
      error: reader.i32(start + 12),
      used: reader.u32(start + 16),
    };
  },
};

/** The attributes of a route. */
const attributes: AttributeTable = attributeTable(RTA, {
  RTA_DST: ["dst", prefixAddress],
  RTA_SRC: ["from", prefixAddress],
  RTA_GATEWAY: ["via", gateway],
  RTA_VIA: ["via", foreignGateway],
  RTA_PRIORITY: ["metric", u32],
  RTA_TABLE: ["table", table],
  RTA_PREFSRC: ["src", ip],
  RTA_FLOW: ["realms", u32],
  RTA_PREF: ["pref", words(u8, { medium: 0, high: 1, low: 3 })],
  RTA_EXPIRES: ["expires", u32],
  RTA_TTL_PROPAGATE: ["ttlPropagate", boolean(u8)],
  RTA_ENCAP_TYPE: ["encapType", encapType],
  RTA_ENCAP: ["encap", binary],
  RTA_NH_ID: ["nhid", u32],
  RTA_OIF: ["dev", link],
  RTA_METRICS: flat(metrics),
  RTA_MULTIPATH: ["nexthops", nexthops],
  RTA_IIF: ["iif", link, "read-only"],
  RTA_MARK: ["mark", u32, "read-only"],
  RTA_UID: ["uid", u32, "read-only"],
  RTA_CACHEINFO: ["cacheInfo", cacheInfo, "read-only"],
});

const otherMembers = ["family", "type", "tos", "scope", "proto", "onlink", "flags"];

/** Appends a route to add, to change or to remove. */
export function writeRoute(writer: MessageWriter, options: unknown, removing = false): void {
  checkMembers("options", options, attributes, otherMembers);
  const dst = parseNetwork(options.dst, "options.dst");
  if (dst !== undefined) checkHostBits(dst, "options.dst", options.dst);
  const from = options.from === undefined ? undefined : parseNetwork(options.from, "options.from");
  if (from !== undefined) checkHostBits(from, "options.from", options.from);
  const src = options.src === undefined ? undefined : parsePrefix(options.src, "options.src");
  const family = commonFamily(options.family ?? familyOfDefault(options), {
    "options.dst": dst,
    "options.from": from,
    "options.src": src,
  });
  // The kernel takes it, and heeds it not.
  if (from !== undefined && family === "inet") {
    throw outOfRange("options.from", "left out: routes of IPv4 do not depend on it", options.from);
  }
  // In Node 20 each copy to which members are added later would be of a class of its own, and slow.
  const members: Members = { family, table: undefined, ...options };
  members.family = family;
  // The nexthop object has them; the kernel tells them with the route, but takes only its id.
  if (options.nhid !== undefined) {
    members.via =
      members.dev =
      members.onlink =
      members.nexthops =
        undefined;
  }
  checkBoolean("options.onlink", members.onlink);
  const type = wordNumber(
    RTN,
    options.type ?? (removing ? "unspec" : "unicast"),
    "options.type",
    255,
  );
  const inTable = options.table === undefined
    ? isLocal(type) ? 255 : 254
    : tableNumber(options.table, "options.table");
  const proto = options.proto ?? (removing ? "unspec" : "boot");
  const scope = options.scope ?? defaultScope(members, type, removing);
  writer.u8(familyNumber(family)).u8(dst?.length ?? 0).u8(from?.length ?? 0);
  u8.write(writer, options.tos ?? 0, "options.tos", members);
  writer.u8(tableInHeader(inTable));
  writer.u8(wordNumber(RTPROT, proto, "options.proto", 255));
  writer.u8(wordNumber(RT_SCOPE, scope, "options.scope", 255));
  writer.u8(type).u32(members.onlink === true ? RTNH_F.ONLINK : 0);
  members.table = inTable;
  writeAttributes(writer, attributes, members, "options");
}

/** The family of a default route that does not tell it: that of its gateway. */
function familyOfDefault({ dst, from, src, via, nexthops }: Members): Family | undefined {
  if (dst !== "default" && dst !== "all" || from !== undefined || src !== undefined) {
    return undefined;
  }
  const [first] = Array.isArray(nexthops) ? nexthops : [];
  return familyOfAddress(via ?? first?.via);
}

function isLocal(type: number): boolean {
  return type === RTN.local || type === RTN.broadcast || type === RTN.anycast || type === RTN.nat;
}

/** What iproute2 takes for granted. */
function defaultScope(members: Members, type: number, removing: boolean): number {
  if (members.family === "inet6") return RT_SCOPE.global;
  switch (type) {
    case RTN.local:
    case RTN.nat:
      return RT_SCOPE.host;
    case RTN.broadcast:
    case RTN.multicast:
    case RTN.anycast:
      return RT_SCOPE.link;
    case RTN.unicast:
    case RTN.unspec: {
      if (removing) return RT_SCOPE.nowhere;
      const { via, nexthops, nhid } = members;
      const isDirect = via === undefined && nexthops === undefined && nhid === undefined;
      return isDirect ? RT_SCOPE.link : RT_SCOPE.global;
    }
    default:
      return removing ? RT_SCOPE.nowhere : RT_SCOPE.global;
  }
}

const typeWord = wordsByNumber(RTN);
const protocolWord = wordsByNumber(RTPROT);
const scopeWord = wordsByNumber(RT_SCOPE);

/** Reads a route from its header on; undefined for one that is not of IP. */
export function readRoute(reader: MessageReader, start: number, end: number): Route | undefined {
  if (end - start < RTMSG_LENGTH) return undefined;
  const family = reader.u8(start);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const flags = reader.u32(start + 8);
  const members: Members = {
    family: family === AF_INET ? "inet" : "inet6",
    type: typeWord(reader.u8(start + 7)),
    dst: "default",
    table: tableWord(reader.u8(start + 4)),
    proto: protocolWord(reader.u8(start + 5)),
    scope: scopeWord(reader.u8(start + 6)),
    flags: routeFlagWords(flags),
  };
  readAttributes(reader, start + RTMSG_LENGTH, end, attributes, members);
  const length = reader.u8(start + 1);
  if (length === 0) members.dst = "default";
  else if (members.dst !== "default") members.dst += lengthText(length);
  if (members.from !== undefined) members.from += lengthText(reader.u8(start + 2));
  const tos = reader.u8(start + 3);
  if (tos !== 0) members.tos = tos;
  if ((flags & RTNH_F.ONLINK) !== 0) members.onlink = true;
  return members as unknown as Route;
}

/** Names the attribute of a route message that is at an offset. */
export function routeAttributePath(message: MessageReader, offset: number): string | undefined {
  const start = NLMSG_HDRLEN + RTMSG_LENGTH;
  return attributePath(message, start, message.bytes.byteLength, attributes, offset);
}
