/**
 * `struct ifla_bridge_id`: a bridge in a spanning tree.
 *
 * @module
 */

import { wrongType } from "../../../check.ts";
import { mac } from "../../codec/addresses.ts";
import type { Value } from "../../codec/attribute_table.ts";

/** A priority in hex and a link-layer address: `8000.02:00:00:00:00:01`. Only read. */
export const bridgeId: Value = {
  write(_writer, value, option) {
    throw wrongType(option, "left out", value);
  },
  read(reader, start, end, members) {
    if (end - start !== 8) return undefined;
    const priority = reader.be16(start).toString(16).padStart(4, "0");
    return `${priority}.${mac.read(reader, start + 2, end, members)}`;
  },
};
