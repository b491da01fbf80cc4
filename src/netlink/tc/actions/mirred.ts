/**
 * tc-mirred(8): packets go to another link, or a copy of them does.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../../check.ts";
import { attributeTable, type Members, type Value } from "../../codec/attribute_table.ts";
import { writeLink } from "../../codec/values.ts";
import {
  TCA_EGRESS_MIRROR,
  TCA_EGRESS_REDIR,
  TCA_INGRESS_MIRROR,
  TCA_INGRESS_REDIR,
  TCA_MIRRED,
} from "../../constants/tc_act.ts";
import { type ControlAction, formatControlAction, parseControlAction } from "../control_action.ts";
import type { OptionsOfKind } from "../kinds.ts";
import { GENERIC_LENGTH, type GenericParameters } from "./gact.ts";

/** Sends packets, or copies of them, to another link. */
export interface Mirred {
  kind: "mirred";
  /** Whether as if that link sent them, as by default, or received them. */
  direction?: "egress" | "ingress" | undefined;
  /** `redirect` sends the packet itself, `mirror` a copy. */
  action: "redirect" | "mirror";
  /** The link, by name or index. */
  dev: string | number;
  /** What happens to the packet here: `stolen` after redirect, `pipe` after mirror. */
  controlAction?: ControlAction | undefined;
  /** Its number; an action with the number of one that is there is that one. */
  index?: number | undefined;
}

const numbers: Readonly<Record<string, number>> = {
  "egress redirect": TCA_EGRESS_REDIR,
  "egress mirror": TCA_EGRESS_MIRROR,
  "ingress redirect": TCA_INGRESS_REDIR,
  "ingress mirror": TCA_INGRESS_MIRROR,
};

const words: ReadonlyMap<number, readonly string[]> = new Map(
  Object.entries(numbers).map(([words, number]) => [number, words.split(" ")]),
);

interface Parameters extends GenericParameters {
  readonly eaction: number;
  readonly dev: unknown;
}

/** `struct tc_mirred`. */
const parameters: Value = {
  write(writer, value, option) {
    const { index, action, eaction, dev } = value as Parameters;
    writer.u32(index).u32(0).u32(action).u32(0).u32(0).u32(eaction);
    writeLink(writer, dev, `${option.slice(0, option.lastIndexOf("."))}.dev`);
  },
  read(reader, start, end) {
    if (end - start < GENERIC_LENGTH + 8) return undefined;
    return {
      index: reader.u32(start),
      action: reader.i32(start + 8),
      eaction: reader.u32(start + GENERIC_LENGTH),
      dev: reader.linkName(reader.u32(start + GENERIC_LENGTH + 4)),
    } satisfies Parameters;
  },
};

/** The options of the kind. */
export const mirred: OptionsOfKind = {
  table: attributeTable(TCA_MIRRED, {
    TCA_MIRRED_PARMS: ["parameters", parameters],
    TCA_MIRRED_TM: "redundant",
  }),
  options: ["direction", "action", "dev", "controlAction", "index"],
  encode,
  decode,
};

function encode(
  { direction = "egress", action, dev, controlAction, index = 0 }: Members,
  option: string,
): Members {
  if (action !== "redirect" && action !== "mirror") {
    throw wrongType(`${option}.action`, 'one of "redirect", "mirror"', action);
  }
  if (direction !== "egress" && direction !== "ingress") {
    throw wrongType(`${option}.direction`, 'one of "egress", "ingress"', direction);
  }
  const after = controlAction ?? (action === "redirect" ? "stolen" : "pipe");
  const parameters: Parameters = {
    index: checkInteger(`${option}.index`, index, 0, 0xffffffff),
    action: parseControlAction(`${option}.controlAction`, after),
    eaction: numbers[`${direction} ${action}`]!,
    dev: dev ?? null,
  };
  return { parameters };
}

function decode(members: Members): void {
  if (members.parameters === undefined) return;
  const { index, action, eaction, dev } = members.parameters as Parameters;
  const [direction, verb] = words.get(eaction) ?? [];
  if (verb === undefined) return;
  delete members.parameters;
  members.direction = direction;
  members.action = verb;
  members.dev = dev;
  members.controlAction = formatControlAction(action);
  members.index = index;
}
