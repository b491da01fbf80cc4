/**
 * tc-pfifo(8), tc-bfifo(8), tc-pfifo_fast(8), tc-prio(8): queues without shaping.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../../check.ts";
import { attributeTable, type Header } from "../../codec/attribute_table.ts";
import { structHeader } from "../../codec/values.ts";
import type { OptionsOfKind } from "../kinds.ts";

/** A queue of so many packets. */
export interface Pfifo {
  kind: "pfifo" | "pfifo_head_drop";
  /** In packets; by default as many as the `txqueuelen` of the link. */
  limit?: number | undefined;
}

/** A queue of so many bytes. */
export interface Bfifo {
  kind: "bfifo";
  /** In bytes; by default as many as `txqueuelen` packets of the link have. */
  limit?: number | undefined;
}

/** Queues of which the first that is not empty is sent from. */
export interface Prio {
  kind: "prio" | "pfifo_fast";
  /** How many queues, from 2 to 16; 3 by default. That of pfifo_fast is fixed. */
  bands?: number | undefined;
  /** The band of each of the 16 priorities of packets. */
  priomap?: readonly number[] | undefined;
}

const PRIORITIES = 16;

/** What Linux does by default, for a caller that gives only the number of bands. */
const defaultPriomap = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

/** `struct tc_prio_qopt`. */
const prioHeader: Header = {
  names: ["bands", "priomap"],
  write(writer, { bands, priomap }, option) {
    if (bands === undefined && priomap === undefined) return;
    const map: unknown = priomap ?? defaultPriomap;
    if (!Array.isArray(map) || map.length !== PRIORITIES) {
      throw wrongType(`${option}.priomap`, "an array of 16 numbers", map);
    }
    const count = checkInteger(`${option}.bands`, bands ?? 3, 2, 16);
    writer.u32(count);
    map.forEach((band, index) => {
      writer.u8(checkInteger(`${option}.priomap[${index}]`, band, 0, count - 1));
    });
  },
  end(start, end) {
    return end - start < 4 + PRIORITIES ? undefined : end;
  },
  read(reader, start, _end, members) {
    members.bands = reader.u32(start);
    members.priomap = Array.from(reader.bytes.subarray(start + 4, start + 4 + PRIORITIES));
  },
};

/** The options of pfifo and bfifo: `struct tc_fifo_qopt`. */
export const fifo: OptionsOfKind = {
  table: attributeTable({}, {}, structHeader([["limit", "u32"]])),
};

/** The options of prio and pfifo_fast. */
export const prio: OptionsOfKind = { table: attributeTable({}, {}, prioHeader) };
