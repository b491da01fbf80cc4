/**
 * The generic action, which only says what happens to the packet: `action drop`.
 *
 * @module
 */

import { checkInteger } from "../../../check.ts";
import { attributeTable, type Value } from "../../codec/attribute_table.ts";
import { TCA_GACT } from "../../constants/tc_act.ts";
import { type ControlAction, formatControlAction, parseControlAction } from "../control_action.ts";
import type { OptionsOfKind } from "../kinds.ts";

/** Says what happens to the packet. */
export interface Gact {
  kind: "gact";
  controlAction: ControlAction;
  /** Its number; an action with the number of one that is there is that one. */
  index?: number | undefined;
}

/** `tc_gen`, with which the parameters of most actions begin. */
export const GENERIC_LENGTH = 20;

/** What `tc_gen` holds. */
export interface GenericParameters {
  readonly index: number;
  readonly action: number;
}

/** `struct tc_gact`. */
const parameters: Value = {
  write(writer, value) {
    const { index, action } = value as GenericParameters;
    writer.u32(index).u32(0).u32(action).u32(0).u32(0);
  },
  read(reader, start, end) {
    if (end - start < GENERIC_LENGTH) return undefined;
    return { index: reader.u32(start), action: reader.i32(start + 8) };
  },
};

/** The options of the kind. */
export const gact: OptionsOfKind = {
  table: attributeTable(TCA_GACT, {
    TCA_GACT_PARMS: ["parameters", parameters],
    TCA_GACT_TM: "redundant",
  }),
  options: ["controlAction", "index"],
  encode({ controlAction, index = 0 }, option) {
    const action = parseControlAction(`${option}.controlAction`, controlAction);
    const parameters: GenericParameters = {
      index: checkInteger(`${option}.index`, index, 0, 0xffffffff),
      action,
    };
    return { parameters };
  },
  decode(members) {
    if (members.parameters === undefined) return;
    const { index, action } = members.parameters as GenericParameters;
    delete members.parameters;
    members.controlAction = formatControlAction(action);
    members.index = index;
  },
};
