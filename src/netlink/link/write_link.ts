/**
 * What the requests of links have in common.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { writeAttribute } from "../codec/attributes.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { alternativeName, checkLinkName } from "../codec/values.ts";
import { IFLA } from "../constants/if_link.ts";
import { writeLinkHeader } from "./link_body.ts";

/** Appends the header, and the name of a link, which the kernel looks up. */
export function writeTarget(writer: MessageWriter, dev: string | number): void {
  if (typeof dev === "number") writeLinkHeader(writer, { dev });
  else {
    if (typeof dev === "string") writeLinkHeader(writer);
    writeTargetName(writer, dev);
  }
}

/** Appends the name of a link, or the alternative name, which may be longer. */
export function writeTargetName(writer: MessageWriter, dev: string): void {
  checkLinkName("dev", dev);
  const isName = Buffer.byteLength(dev) <= 15;
  const type = isName ? IFLA.IFLA_IFNAME : IFLA.IFLA_ALT_IFNAME;
  writeAttribute(writer, type, alternativeName, dev, "dev");
}
