/**
 * The kinds of links: their options, and those of their ports.
 *
 * @module
 */

import type { AttributeTable } from "../../codec/attribute_table.ts";
import { type Bridge, bridge } from "./bridge.ts";
import { type Veth, veth } from "./veth.ts";

/** The options of each kind; a kind that has none is not here. */
export const kindTables: ReadonlyMap<string, AttributeTable> = new Map(
  Object.entries({ bridge, veth }),
);

/** The options that a link has as a port of a master of this kind. */
export const portTables: ReadonlyMap<string, AttributeTable> = new Map(Object.entries({}));

/** A link of a kind without options. */
export interface Plain {
  kind: "dummy" | "ifb";
}

/** What makes a link of one kind, besides what all links have. */
export type LinkKind = Bridge | Plain | Veth;
