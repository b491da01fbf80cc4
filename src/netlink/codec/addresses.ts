/**
 * Kinds of values that are addresses: IP, link layer.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import { ipBytes, ipText } from "../../ip_address.ts";
import type { Value } from "./attribute_table.ts";
import type { MessageReader } from "./message_reader.ts";

/** An IPv4 or IPv6 address; the length of the payload tells which. */
export const ip: Value = ipValue("an IPv4 or IPv6 address", [4, 16]);
/** An IPv4 address. */
export const ipv4: Value = ipValue("an IPv4 address", [4]);
/** An IPv6 address. */
export const ipv6: Value = ipValue("an IPv6 address", [16]);

function ipValue(expected: string, lengths: readonly (4 | 16)[]): Value {
  const [short, long] = [lengths[0], lengths.at(-1)];
  return {
    write(writer, value, option) {
      const bytes = typeof value === "string" ? ipBytes(value) : undefined;
      if (bytes === undefined || bytes.byteLength !== short && bytes.byteLength !== long) {
        throw wrongType(option, expected, value);
      }
      writer.bytes(bytes);
    },
    read(reader, start, end) {
      const length = end - start;
      return length === short || length === long ? ipText(reader.bytes, start, length) : undefined;
    },
  };
}

/** A link-layer address as `02:00:00:00:00:01`; of 4 and 16 bytes too, as tunnels have. */
export const mac: Value = {
  write(writer, value, option) {
    writer.bytes(macBytes(value, option));
  },
  read(reader, start, end) {
    return macText(reader, start, end);
  },
};

/** The bytes of a link-layer address, with colons; of a tunnel's, an IP address. */
export function macBytes(value: unknown, option: string): Uint8Array {
  if (typeof value === "string") {
    if (/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})+$/i.test(value) && value.split(":").length !== 8) {
      return Uint8Array.from(value.split(":"), (byte) => parseInt(byte, 16));
    }
    const bytes = ipBytes(value);
    if (bytes !== undefined) return bytes;
    if (/^[0-9a-f]{2}(:[0-9a-f]{2}){7}$/i.test(value)) {
      return Uint8Array.from(value.split(":"), (byte) => parseInt(byte, 16));
    }
  }
  throw wrongType(option, 'a link-layer address like "02:00:00:00:00:01"', value);
}

const hexadecimal: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

function macText(reader: MessageReader, start: number, end: number): string | undefined {
  const length = end - start;
  if (length === 0) return undefined;
  if (length === 4 || length === 16) return ipText(reader.bytes, start, length);
  let text = hexadecimal[reader.u8(start)]!;
  for (let offset = start + 1; offset < end; offset++) {
    text += `:${hexadecimal[reader.u8(offset)]!}`;
  }
  return text;
}
