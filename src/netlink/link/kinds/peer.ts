/**
 * The other end of a link that is made in pairs.
 *
 * @module
 */

import { wrongType } from "../../../check.ts";
import {
  type AttributeTable,
  attributeTable,
  type Members,
  type Value,
} from "../../codec/attribute_table.ts";
import { IFLA } from "../../constants/if_link.ts";
import { IFINFOMSG_LENGTH } from "../../constants/rtnetlink.ts";
import { newLinkDeclarations } from "../common_attributes.ts";
import type { NewLinkSettings } from "../link.ts";
import { readLinkBody, writeLinkBody } from "../link_body.ts";

/** The other end of a pair, as it is to be made, in this namespace or another one. */
export type Peer = NewLinkSettings;

const attributes: AttributeTable = attributeTable(IFLA, newLinkDeclarations);

/** A whole link message within an attribute. */
export const peer: Value = {
  write(writer, value, option) {
    if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
    writeLinkBody(writer, value, option, attributes);
  },
  read(reader, start, stop) {
    if (stop - start < IFINFOMSG_LENGTH) return undefined;
    const members: Members = {};
    readLinkBody(reader, start, stop, attributes, members);
    return members;
  },
};
