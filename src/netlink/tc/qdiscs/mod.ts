/**
 * The kinds of qdiscs and of their classes, and their options.
 *
 * @module
 */

import { attributeTable } from "../../codec/attribute_table.ts";
import type { Kinds, OptionsOfKind } from "../kinds.ts";
import { type Bfifo, fifo, type Pfifo, type Prio, prio } from "./fifo.ts";
import { type Fq, fq } from "./fq.ts";
import { type FqCodel, fqCodel } from "./fq_codel.ts";
import { type Hfsc, hfsc, type HfscClass, hfscClass } from "./hfsc.ts";
import { type Htb, htb, type HtbClass, htbClass } from "./htb.ts";
import { type Netem, netem } from "./netem.ts";
import { type Sfq, sfq } from "./sfq.ts";
import { type Tbf, tbf } from "./tbf.ts";

/** Where filters look at packets that a link receives; clsact has those that it sends as well. */
export interface Ingress {
  kind: "ingress" | "clsact";
}

/** A qdisc without options. */
export interface PlainQdisc {
  kind: "noqueue" | "mq";
}

/** What makes a qdisc of one kind. */
export type QdiscKind =
  | Bfifo
  | Fq
  | FqCodel
  | Hfsc
  | Htb
  | Ingress
  | Netem
  | Pfifo
  | PlainQdisc
  | Prio
  | Sfq
  | Tbf;

/** What makes a class of a qdisc of one kind. */
export type ClassKind = HtbClass | HfscClass;

const withoutOptions: OptionsOfKind = { table: attributeTable({}, {}) };

/** The options of each kind of qdisc. */
export const qdiscKinds: Kinds = new Map(
  Object.entries({
    bfifo: fifo,
    clsact: withoutOptions,
    fq,
    fq_codel: fqCodel,
    hfsc,
    htb,
    ingress: withoutOptions,
    mq: withoutOptions,
    netem,
    noqueue: withoutOptions,
    pfifo: fifo,
    pfifo_fast: prio,
    pfifo_head_drop: fifo,
    prio,
    sfq,
    tbf,
  }),
);

/** The options of classes of each kind of qdisc; most qdiscs have no classes of a caller. */
export const classKinds: Kinds = new Map(Object.entries({ hfsc: hfscClass, htb: htbClass }));
