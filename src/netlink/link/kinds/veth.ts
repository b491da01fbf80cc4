/**
 * veth(4): two links, each the other end of the other.
 *
 * @module
 */

import { wrongType } from "../../../check.ts";
import { type AttributeTable, attributeTable, type Value } from "../../codec/attribute_table.ts";
import type { Members } from "../../codec/attribute_table.ts";
import { IFLA, VETH_INFO } from "../../constants/if_link.ts";
import { commonDeclarations } from "../common_attributes.ts";
import type { LinkSettings } from "../link.ts";
import { IFINFOMSG_LENGTH, readLinkBody, writeLinkBody } from "../link_body.ts";

/** One end of a pair of virtual Ethernet links. */
export interface Veth {
  kind: "veth";
  /** The other end, as it is to be made; without it the kernel names one. */
  peer?: LinkSettings | undefined;
}

const end: AttributeTable = attributeTable(IFLA, commonDeclarations);

/** A whole link message within an attribute. */
const peer: Value = {
  write(writer, value, option) {
    if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
    writeLinkBody(writer, value, option, end);
  },
  read(reader, start, stop) {
    if (stop - start < IFINFOMSG_LENGTH) return undefined;
    const members: Members = {};
    readLinkBody(reader, start, stop, end, members);
    return members;
  },
};

/** The options of the kind. */
export const veth: AttributeTable = attributeTable(VETH_INFO, {
  VETH_INFO_PEER: ["peer", peer],
});
