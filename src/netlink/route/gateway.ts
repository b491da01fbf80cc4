/**
 * Gateways: `RTA_GATEWAY` of the family of the route, `RTA_VIA` of the other one.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from "../../../ffi/constants.ts";
import { ipText } from "../../ip_address.ts";
import { ip } from "../codec/addresses.ts";
import type { Members, Value } from "../codec/attribute_table.ts";
import { familyNumber, familyOfAddress } from "../family.ts";

/** Whether a gateway is of another family than the route whose members these are. */
function isForeign(value: unknown, { family }: Members): boolean {
  const its = familyOfAddress(value);
  return its !== undefined && its !== family;
}

/** A gateway of the family of the route. */
export const gateway: Value = { ...ip, omits: isForeign };

/** A gateway of another family: `struct rtvia`. */
export const foreignGateway: Value = {
  omits: (value, members) => !isForeign(value, members),
  write(writer, value, option) {
    writer.u16(familyNumber(familyOfAddress(value)));
    ip.write(writer, value, option, {});
  },
  read(reader, start, end) {
    if (end - start < 2) return undefined;
    const family = reader.u16(start);
    const length = end - start - 2;
    const fits = family === AF_INET && length === 4 || family === AF_INET6 && length === 16;
    return fits ? ipText(reader.bytes, start + 2, length) : undefined;
  },
};
