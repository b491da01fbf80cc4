/**
 * tc-matchall(8) and tc-fw(8): everything, and what has a mark of the firewall.
 *
 * @module
 */

import { attributeTable } from "../../codec/attribute_table.ts";
import { linkName, u32 } from "../../codec/values.ts";
import { TCA_FW, TCA_MATCHALL } from "../../constants/pkt_cls.ts";
import { type ActionAdd, actions } from "../actions/mod.ts";
import { classHandle } from "../handle.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { type ClassifierFlag, classifierFlags } from "./classifier_flags.ts";

/** Matches every packet. */
export interface Matchall {
  kind: "matchall";
  /** The class that packets go to. */
  classid?: string | undefined;
  /** What is done with packets, one after the other. */
  actions?: ActionAdd[] | undefined;
  flags?: ClassifierFlag[] | undefined;
}

/** Matches packets whose mark of the firewall is the `handle` of the filter. */
export interface Fw {
  kind: "fw";
  /** Which bits of the mark count. */
  mask?: number | undefined;
  /** The class that packets go to. */
  classid?: string | undefined;
  /** What is done with packets, one after the other. */
  actions?: ActionAdd[] | undefined;
  /** The link that packets must have come in by. */
  indev?: string | undefined;
}

/** The options of matchall. */
export const matchall: OptionsOfKind = {
  table: attributeTable(TCA_MATCHALL, {
    TCA_MATCHALL_CLASSID: ["classid", classHandle],
    TCA_MATCHALL_ACT: ["actions", actions],
    TCA_MATCHALL_FLAGS: ["flags", classifierFlags],
    TCA_MATCHALL_PCNT: "redundant",
  }),
};

/** The options of fw. */
export const fw: OptionsOfKind = {
  table: attributeTable(TCA_FW, {
    TCA_FW_MASK: ["mask", u32],
    TCA_FW_CLASSID: ["classid", classHandle],
    TCA_FW_INDEV: ["indev", linkName],
    TCA_FW_ACT: ["actions", actions],
  }),
};
