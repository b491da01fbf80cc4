/**
 * Ranges of numbers: of ports, of users.
 *
 * @module
 */

import { checkInteger, wrongType } from "../../check.ts";
import type { Value } from "../codec/attribute_table.ts";

/** A number, or two in an array; two in the message. In the processor's byte order. */
export function range(type: "u16" | "u32"): Value {
  const size = type === "u16" ? 2 : 4;
  const max = type === "u16" ? 0xffff : 0xffffffff;
  return {
    write(writer, value, option) {
      const bounds = typeof value === "number" ? [value, value] : value;
      if (!Array.isArray(bounds) || bounds.length !== 2) {
        throw wrongType(option, "a number, or the first and the last in an array", value);
      }
      const first = checkInteger(`${option}[0]`, bounds[0], 0, max);
      writer[type](first)[type](checkInteger(`${option}[1]`, bounds[1], first, max));
    },
    read(reader, start, end) {
      if (end - start !== 2 * size) return undefined;
      const first = reader[type](start);
      const last = reader[type](start + size);
      return first === last ? first : [first, last];
    },
  };
}
