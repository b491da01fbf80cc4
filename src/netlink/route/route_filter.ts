/**
 * Which routes are listed: what the kernel is asked to leave out, and what is left out here.
 *
 * @module
 */

import { checkOptions } from "../../check.ts";
import { writeAttribute } from "../codec/attributes.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { u32, wordNumber, wordsByNumber, writeLink } from "../codec/values.ts";
import { NLM_F_DUMP_FILTERED } from "../constants/netlink.ts";
import { RTA, RTM_F, RTN, RTPROT } from "../constants/route.ts";
import { checkFamily, type Family, familyNumber } from "../family.ts";
import { linkInRequest } from "../link_filter.ts";
import { parseNetwork, prefixText } from "../prefix.ts";
import type { Protocol } from "../protocol.ts";
import type { ReadReply } from "../request.ts";
import { type RoutingTable, tableNumber, tableWord } from "../routing_table.ts";
import { RT_SCOPE, type Scope } from "../scope.ts";
import type { Route, RouteType } from "./route.ts";
import { readRoute, RTMSG_LENGTH } from "./route_message.ts";

/** Which routes {@linkcode Routes.list} tells. */
export interface RouteFilter {
  /** Those of this table. @default {"main"} */
  table?: RoutingTable | "all" | undefined;
  /** Those of this family. */
  family?: Family | undefined;
  /** Those that lead out by this link, by name or index. */
  dev?: string | number | undefined;
  /** Those to exactly this prefix, or `default`. */
  dst?: string | undefined;
  /** Those that were made by this one. */
  proto?: Protocol | undefined;
  /** Those of this type. */
  type?: RouteType | undefined;
  /** Those of this scope. */
  scope?: Scope | undefined;
}

const protocolWord = wordsByNumber(RTPROT);
const typeWord = wordsByNumber(RTN);
const scopeWord = wordsByNumber(RT_SCOPE);

/** Appends the request for all routes that pass a filter; returns how its answers are read. */
export function writeRouteFilter(writer: MessageWriter, filter: RouteFilter): ReadReply<Route> {
  checkOptions("filter", filter, ["table", "family", "dev", "dst", "proto", "type", "scope"]);
  const { family, dev } = filter;
  checkFamily("filter.family", family);
  const table = filter.table === "all" ? 0 : tableNumber(filter.table ?? "main", "filter.table");
  const proto = number(RTPROT, filter.proto, "filter.proto");
  const type = number(RTN, filter.type, "filter.type");
  const scope = number(RT_SCOPE, filter.scope, "filter.scope");
  const dst = filter.dst === undefined ? undefined : networkText(filter.dst);
  // Asked for one family, the kernel fails where that has no such table.
  writer.u8(familyNumber(table === 0 ? family : undefined)).u8(0).u16(0);
  writer.u8(0).u8(proto ?? 0).u8(0).u8(type ?? 0).u32(0);
  if (table !== 0) writeAttribute(writer, RTA.RTA_TABLE, u32, table, "filter.table");
  let linkOffset = 0;
  if (dev !== undefined) {
    const start = writer.begin(RTA.RTA_OIF);
    linkOffset = writer.length;
    writeLink(writer, dev, "filter.dev");
    writer.end(start);
  }
  const wanted = {
    family,
    dst,
    scope: scope === undefined ? undefined : scopeWord(scope),
    table: table === 0 ? undefined : tableWord(table),
    proto: proto === undefined ? undefined : protocolWord(proto),
    type: type === undefined ? undefined : typeWord(type),
  };
  return (reader, _type, start, end, flags) => {
    // A kernel without strict checking tells what it has learned of destinations, too.
    if (end - start < RTMSG_LENGTH || (reader.u32(start + 8) & RTM_F.CLONED) !== 0) {
      return undefined;
    }
    const route = readRoute(reader, start, end);
    if (route === undefined) return undefined;
    if (family !== undefined && route.family !== family) return undefined;
    if (dst !== undefined && route.dst !== dst) return undefined;
    if (wanted.scope !== undefined && route.scope !== wanted.scope) return undefined;
    if ((flags & NLM_F_DUMP_FILTERED) !== 0) return route;
    if (wanted.table !== undefined && route.table !== wanted.table) return undefined;
    if (wanted.proto !== undefined && route.proto !== wanted.proto) return undefined;
    if (wanted.type !== undefined && route.type !== wanted.type) return undefined;
    if (dev === undefined) return route;
    return leadsOutBy(route, reader.linkName(linkInRequest(writer, linkOffset)))
      ? route
      : undefined;
  };
}

function number(
  numbers: Readonly<Record<string, number>>,
  value: unknown,
  option: string,
): number | undefined {
  return value === undefined ? undefined : wordNumber(numbers, value, option, 255);
}

function networkText(dst: unknown): string {
  const network = parseNetwork(dst, "filter.dst");
  return network === undefined || network.length === 0 ? "default" : prefixText(network);
}

function leadsOutBy({ dev, nexthops }: Route, link: string | number): boolean {
  return dev === link || nexthops?.some((nexthop) => nexthop.dev === link) === true;
}
