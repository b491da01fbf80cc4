/**
 * tc-hfsc(8): a hierarchy of classes with service curves, which give rate and delay apart.
 *
 * @module
 */

import { outOfRange, wrongType } from "../../../check.ts";
import {
  attributeTable,
  type Header,
  type Members,
  type Value,
} from "../../codec/attribute_table.ts";
import { TCA_HFSC } from "../../constants/pkt_sched.ts";
import type { OptionsOfKind } from "../kinds.ts";
import {
  type Duration,
  formatRate,
  formatTime,
  parseRate,
  parseTime,
  type Rate,
} from "../units.ts";

/** A hierarchical fair service curve. */
export interface Hfsc {
  kind: "hfsc";
  /** The class of packets that no filter puts into one, as in `1:10`: hexadecimal, `"10"`. */
  default?: string | undefined;
}

/** At which rates a class is served. */
export interface ServiceCurve {
  /** The rate at first. */
  m1?: Rate | undefined;
  /** For how long. */
  d?: Duration | undefined;
  /** The rate after that. */
  m2: Rate;
}

/** A class of hfsc: at least `rt` or `ls`. */
export interface HfscClass {
  kind: "hfsc";
  /** What it gets whatever others do. */
  rt?: ServiceCurve | undefined;
  /** Its share of what is left. */
  ls?: ServiceCurve | undefined;
  /** The most that it gets of that. */
  ul?: ServiceCurve | undefined;
}

/** `struct tc_hfsc_qopt`. */
const header: Header = {
  names: ["default"],
  write(writer, { default: defaultClass = "0" }, option) {
    if (typeof defaultClass !== "string" || !/^[0-9a-f]{1,4}$/i.test(defaultClass)) {
      throw outOfRange(`${option}.default`, 'hexadecimal, like "10"', defaultClass);
    }
    writer.u16(parseInt(defaultClass, 16));
  },
  end(start, end) {
    return end - start < 2 ? undefined : end;
  },
  read(reader, start, _end, members) {
    members.default = reader.u16(start).toString(16);
  },
};

/** The options of the qdisc. */
export const hfsc: OptionsOfKind = { table: attributeTable({}, {}, header) };

/** `struct tc_service_curve`, in bytes per second and us. */
const serviceCurve: Value = {
  write(writer, value, option) {
    if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
    const { m1 = 0, d = 0, m2 } = value as Members;
    writer.u32(rate(`${option}.m1`, m1));
    writer.u32(Math.round(parseTime(`${option}.d`, d) / 1000));
    writer.u32(rate(`${option}.m2`, m2));
  },
  read(reader, start, end) {
    if (end - start !== 12) return undefined;
    return {
      m1: formatRate(reader.u32(start)),
      d: formatTime(reader.u32(start + 4) * 1000),
      m2: formatRate(reader.u32(start + 8)),
    };
  },
};

function rate(option: string, value: unknown): number {
  const rate = parseRate(option, value);
  if (rate > 0xffffffff) throw outOfRange(option, "below 34359738368 bit/s", value);
  return rate;
}

/** The options of a class. */
export const hfscClass: OptionsOfKind = {
  table: attributeTable(TCA_HFSC, {
    TCA_HFSC_RSC: ["rt", serviceCurve],
    TCA_HFSC_FSC: ["ls", serviceCurve],
    TCA_HFSC_USC: ["ul", serviceCurve],
  }),
};
