/**
 * `RTA_MULTIPATH`: several next hops, each a `struct rtnexthop` with attributes of its own.
 *
 * @module
 */

import { checkBoolean, checkInteger, wrongType } from "../../check.ts";
import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../codec/attribute_table.ts";
import { attributePath, readAttributes, writeAttributes } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { checkMembers } from "../codec/nests.ts";
import { binary, u16, u32, words, writeLink } from "../codec/values.ts";
import { LWTUNNEL_ENCAP, RTA, RTNH_F } from "../constants/route.ts";
import { foreignGateway, gateway } from "./gateway.ts";
import { routeFlagWords } from "./route_flags.ts";

const RTNEXTHOP_LENGTH = 8;

/** How packets are wrapped. */
export const encapType: Value = words(u16, LWTUNNEL_ENCAP);

const attributes: AttributeTable = attributeTable(RTA, {
  RTA_GATEWAY: ["via", gateway],
  RTA_VIA: ["via", foreignGateway],
  RTA_FLOW: ["realms", u32],
  RTA_ENCAP_TYPE: ["encapType", encapType],
  RTA_ENCAP: ["encap", binary],
});

const otherMembers = ["dev", "weight", "onlink", "flags"];

/** The next hops of a route. */
export const nexthops: Value = {
  write(writer, value, option, { family }) {
    if (!Array.isArray(value)) throw wrongType(option, "an array", value);
    value.forEach((nexthop, index) => {
      writeNexthop(writer, nexthop, `${option}[${index}]`, family);
    });
  },
  read(reader, start, end) {
    const list: Members[] = [];
    for (let offset = start; offset < end;) {
      if (offset + RTNEXTHOP_LENGTH > end) return undefined;
      const length = reader.u16(offset);
      if (length < RTNEXTHOP_LENGTH || offset + length > end) return undefined;
      list.push(readNexthop(reader, offset, offset + length));
      offset += length + 3 & ~3;
    }
    return list;
  },
  path(reader, start, end, target) {
    for (let offset = start; offset + RTNEXTHOP_LENGTH <= end;) {
      const next = offset + reader.u16(offset);
      if (next < offset + RTNEXTHOP_LENGTH || next > end) return undefined;
      if (target < next) {
        return attributePath(reader, offset + RTNEXTHOP_LENGTH, next, attributes, target);
      }
      offset = next + 3 & ~3;
    }
    return undefined;
  },
};

function writeNexthop(
  writer: MessageWriter,
  nexthop: unknown,
  option: string,
  family: unknown,
): void {
  checkMembers(option, nexthop, attributes, otherMembers);
  const { dev, weight = 1, onlink } = nexthop;
  checkInteger(`${option}.weight`, weight, 1, 256);
  checkBoolean(`${option}.onlink`, onlink);
  const start = writer.length;
  writer.u16(0).u8(onlink === true ? RTNH_F.ONLINK : 0).u8(weight as number - 1);
  if (dev === undefined || dev === null) writer.u32(0);
  else writeLink(writer, dev, `${option}.dev`);
  writeAttributes(writer, attributes, { ...nexthop, family }, option);
  writer.endUnpadded(start, option);
}

function readNexthop(reader: MessageReader, start: number, end: number): Members {
  const members: Members = {};
  readAttributes(reader, start + RTNEXTHOP_LENGTH, end, attributes, members);
  const index = reader.u32(start + 4);
  if (index !== 0) members.dev = reader.linkName(index);
  members.weight = reader.u8(start + 3) + 1;
  const flags = reader.u8(start + 2);
  if ((flags & RTNH_F.ONLINK) !== 0) members.onlink = true;
  members.flags = routeFlagWords(flags);
  return members;
}
