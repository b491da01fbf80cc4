/**
 * What filters do with packets, besides putting them into classes.
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
import { type RawAttribute, readAttributes } from "../../codec/attributes.ts";
import { flat, list } from "../../codec/nests.ts";
import { binary, text, u32 } from "../../codec/values.ts";
import { TCA_ACT } from "../../constants/pkt_cls.ts";
import { checkKinded, type Kinds, tableOf, writeKinded } from "../kinds.ts";
import { type TrafficStats, trafficStats } from "../stats.ts";
import { type Gact, gact } from "./gact.ts";
import { type Mirred, mirred } from "./mirred.ts";
import { type Police, police } from "./police.ts";

/** What every action has. */
export interface ActionSettings {
  /** Up to 16 bytes for whoever made it. */
  cookie?: Uint8Array | undefined;
  /** Attributes without a name here, as bytes. */
  attributes?: RawAttribute[] | undefined;
  /** Told only. */
  stats?: TrafficStats | undefined;
}

/** An action of a kind without a type here: its options are raw attributes. */
export interface GenericAction {
  kind: string & Record<never, never>;
}

/** What makes an action of one kind. */
export type ActionKind = Gact | Mirred | Police;

/** What a filter is to do with a packet. */
export type ActionAdd = ActionSettings & (ActionKind | GenericAction);

/** What a filter does with a packet, as it is read. */
export type Action = ActionSettings & ActionKind;

/** The options of each kind of action. */
export const actionKinds: Kinds = new Map(Object.entries({ gact, mirred, police }));

const names = ["cookie", "stats"];

const attributes: AttributeTable = attributeTable(TCA_ACT, {
  TCA_ACT_KIND: ["kind", text(15)],
  TCA_ACT_OPTIONS: flat(tableOf(actionKinds)),
  TCA_ACT_COOKIE: ["cookie", binary],
  TCA_ACT_STATS: ["stats", trafficStats, "read-only"],
  TCA_ACT_INDEX: ["index", u32, "read-only"],
  TCA_ACT_HW_STATS: "redundant",
  TCA_ACT_USED_HW_STATS: "redundant",
  TCA_ACT_IN_HW_COUNT: "redundant",
});

const action: Value = {
  nested: () => attributes,
  write(writer, value, option) {
    checkKinded(option, value, actionKinds, names);
    writeKinded(writer, value, option, attributes, actionKinds);
  },
  read(reader, start, end) {
    const members: Members = { kind: "" };
    readAttributes(reader, start, end, attributes, members);
    actionKinds.get(members.kind as string)?.decode?.(members);
    return members;
  },
};

const entries = list(action);

/** The most that a filter may do: `TCA_ACT_MAX_PRIO`. */
const MAX_ACTIONS = 32;

/** What a filter does with packets, one after the other. */
export const actions: Value = {
  ...entries,
  write(writer, value, option, members) {
    if (!Array.isArray(value) || value.length > MAX_ACTIONS) {
      throw wrongType(option, `an array of up to ${MAX_ACTIONS} actions`, value);
    }
    entries.write(writer, value, option, members);
  },
};
