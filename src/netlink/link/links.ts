/**
 * `ip link`: makes, changes, removes and lists links.
 *
 * @module
 */

import { checkOptions, wrongType } from "../../check.ts";
import { NetNSError } from "../../errors.ts";
import { Buffer } from "node:buffer";
import type { Value } from "../codec/attribute_table.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { alternativeName, checkLinkName, text, u32, writeLink } from "../codec/values.ts";
import { IFLA, IFLA_INFO, IFLA_STATS, RTEXT_FILTER } from "../constants/if_link.ts";
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_ECHO,
  NLM_F_EXCL,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import {
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_GETSTATS,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
} from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import { linkStats } from "./common_attributes.ts";
import type { Link, LinkAdd, LinkChanges, LinkStats } from "./link.ts";
import { writeLinkBody, writeLinkHeader } from "./link_body.ts";
import { linkAttributePath, linkAttributes, readLink } from "./link_message.ts";
import { bringPeerUp, withoutPeerUp } from "./veth_peer.ts";

/** Which links {@linkcode Links.list} tells. */
export interface LinkFilter {
  /** Of this kind only. */
  kind?: string | undefined;
  /** The ports of this bridge, bond or VRF only. */
  master?: string | number | undefined;
  /** Up only, or down only. */
  up?: boolean | undefined;
  /** Whether with statistics; true by default. */
  stats?: boolean | undefined;
}

const NLA_F_NESTED = 0x8000;

/** The links (network interfaces) of one network namespace. */
export class Links {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  async add(options: LinkAdd): Promise<Link> {
    const { name, netns } = (options ?? {}) as LinkAdd;
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
    const message = this.#netlink.message(RTM_NEWLINK, flags, (writer) => {
      writeLinkBody(writer, withoutPeerUp(options), "options", linkAttributes);
      if (typeof options.kind !== "string" || options.kind === "") {
        throw wrongType("options.kind", "the kind of a link", options.kind);
      }
    });
    const [made] = await this.#netlink.connection.query({
      message,
      op: `link add ${name ?? options.kind}`,
      describe: linkAttributePath,
      read: (reader, type, start, end) =>
        type === RTM_NEWLINK ? readLink(reader, start, end) : undefined,
    });
    if (made !== undefined) {
      await bringPeerUp(this.#netlink, options, made);
      return made;
    }
    if (name === undefined) throw nameNotTold(options.kind);
    const link = netns === undefined
      ? await this.get(name)
      : await this.#netlink.elsewhere(netns, "options.netns", ({ link }) => link.get(name));
    await bringPeerUp(this.#netlink, options, link);
    return link;
  }

  async set(dev: string | number, changes: LinkChanges): Promise<void> {
    const { altnames, ...settings } = changes ?? {};
    const message = this.#netlink.message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, (writer) => {
      if (altnames !== undefined) checkAltnames(altnames);
      const members = { ...settings, index: undefined };
      // A rename needs the index: the attribute for the name holds the new one.
      if (typeof dev === "number" || settings.name !== undefined) {
        writeLinkBody(writer, members, "changes", linkAttributes, dev);
      } else {
        writeLinkBody(writer, members, "changes", linkAttributes);
        writeTargetName(writer, dev);
      }
    });
    const changed = this.#netlink.connection.request({
      message,
      op: `link set ${dev}`,
      describe: linkAttributePath,
    });
    await changed;
    if (altnames !== undefined) await this.#setAltnames(settings.name ?? dev, altnames);
  }

  async del(dev: string | number): Promise<void> {
    const message = this.#netlink.message(
      RTM_DELLINK,
      NLM_F_REQUEST | NLM_F_ACK,
      (writer) => writeTarget(writer, dev),
    );
    const op = `link del ${dev}`;
    await this.#netlink.connection.request({ message, op, describe: linkAttributePath });
  }

  async get(dev: string | number): Promise<Link> {
    const message = this.#netlink.message(
      RTM_GETLINK,
      NLM_F_REQUEST | NLM_F_ACK,
      (writer) => writeTarget(writer, dev),
    );
    const op = `link get ${dev}`;
    const [link] = await this.#netlink.connection.query({ message, op, read });
    return link!;
  }

  async list(filter: LinkFilter = {}): Promise<Link[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  dump(filter: LinkFilter = {}): AsyncIterableIterator<Link> {
    return this.#netlink.connection.iterate(this.#listing(filter));
  }

  async stats(dev: string | number): Promise<LinkStats> {
    const message = this.#netlink.message(RTM_GETSTATS, NLM_F_REQUEST | NLM_F_ACK, (writer) => {
      writer.u32(0);
      writeLink(writer, dev, "dev");
      writer.u32(1 << IFLA_STATS.IFLA_STATS_LINK_64 - 1);
    });
    const [stats] = await this.#netlink.connection.query({
      message,
      op: `link stats ${dev}`,
      read: readStats,
    });
    return stats!;
  }

  #listing(filter: LinkFilter) {
    checkOptions("filter", filter, ["kind", "master", "up", "stats"]);
    const { kind, master, up, stats = true } = filter;
    const message = this.#netlink.message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
      writeLinkHeader(writer);
      if (master !== undefined) {
        const start = writer.begin(IFLA.IFLA_MASTER);
        writeLink(writer, master, "filter.master");
        writer.end(start);
      }
      if (!stats) attribute(writer, IFLA.IFLA_EXT_MASK, u32, RTEXT_FILTER.RTEXT_FILTER_SKIP_STATS);
      if (kind !== undefined) {
        const start = writer.begin(IFLA.IFLA_LINKINFO);
        attribute(writer, IFLA_INFO.IFLA_INFO_KIND, text(255, false), kind, "filter.kind");
        writer.end(start);
      }
    });
    return {
      message,
      op: "link list",
      read: (reader: MessageReader, _type: number, start: number, end: number) => {
        const link = readLink(reader, start, end);
        return up === undefined || link?.up === up ? link : undefined;
      },
    };
  }

  async #setAltnames(dev: string | number, wanted: readonly string[]): Promise<void> {
    const { altnames = [] } = await this.get(dev);
    const added = wanted.filter((name) => !altnames.includes(name));
    const removed = altnames.filter((name) => !wanted.includes(name));
    const requests = [
      this.#changeAltnames(RTM_NEWLINKPROP, dev, added),
      this.#changeAltnames(RTM_DELLINKPROP, dev, removed),
    ];
    await Promise.all(requests);
  }

  async #changeAltnames(type: number, dev: string | number, names: string[]): Promise<void> {
    if (names.length === 0) return;
    const added = type === RTM_NEWLINKPROP;
    const flags = NLM_F_REQUEST | NLM_F_ACK | (added ? NLM_F_CREATE | NLM_F_EXCL : 0);
    const message = this.#netlink.message(type, flags, (writer) => {
      writeLinkHeader(writer, { dev });
      const start = writer.begin(IFLA.IFLA_PROP_LIST | NLA_F_NESTED);
      for (const name of names) attribute(writer, IFLA.IFLA_ALT_IFNAME, alternativeName, name);
      writer.end(start);
    });
    await this.#netlink.connection.request({
      message,
      op: `link property ${added ? "add" : "del"} ${dev}`,
      describe: linkAttributePath,
    });
  }
}

const read = (reader: MessageReader, _type: number, start: number, end: number) =>
  readLink(reader, start, end);

/** Appends the header and the name of a link, which the kernel looks up. */
function writeTarget(writer: MessageWriter, dev: string | number): void {
  if (typeof dev === "number") writeLinkHeader(writer, { dev });
  else {
    writeLinkHeader(writer);
    writeTargetName(writer, dev);
  }
}

function writeTargetName(writer: MessageWriter, dev: string): void {
  checkLinkName("dev", dev);
  const isName = utf8Length(dev) <= 15;
  attribute(writer, isName ? IFLA.IFLA_IFNAME : IFLA.IFLA_ALT_IFNAME, alternativeName, dev, "dev");
}

function attribute(
  writer: MessageWriter,
  type: number,
  value: Value,
  member: unknown,
  option = "",
): void {
  const start = writer.begin(type);
  value.write(writer, member, option, {});
  writer.end(start);
}

function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

function checkAltnames(altnames: unknown): void {
  if (!Array.isArray(altnames)) throw wrongType("changes.altnames", "an array", altnames);
  altnames.forEach((name, index) => checkLinkName(`changes.altnames[${index}]`, name));
}

function nameNotTold(kind: string): NetNSError {
  return new NetNSError(`link add ${kind}: the link was made, but its name is not known`, {
    code: "ERR_NETNS_UNSUPPORTED",
    hint: "Linux before 6.2 does not tell what it made: give the link a name",
  });
}

/** `struct if_stats_msg` has 12 bytes. */
function readStats(
  reader: MessageReader,
  _type: number,
  start: number,
  end: number,
): LinkStats | undefined {
  if (end - start < 16 || reader.u16(start + 14) !== IFLA_STATS.IFLA_STATS_LINK_64) {
    return undefined;
  }
  return linkStats.read(reader, start + 16, end, {}) as LinkStats;
}
