/**
 * `ip link`: makes, changes, removes and lists links.
 *
 * @module
 */

import { checkBoolean, checkOptions, wrongType } from "../../check.ts";
import { writeAttribute } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { text, u32, writeLink } from "../codec/values.ts";
import { IFLA, IFLA_INFO, IFLA_STATS, RTEXT_FILTER } from "../constants/if_link.ts";
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_FILTERED, NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_DELLINK, RTM_GETLINK, RTM_GETSTATS } from "../constants/rtnetlink.ts";
import { linkInRequest } from "../link_filter.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import { addLink } from "./add_link.ts";
import { BridgeVlans } from "./bridge_vlans.ts";
import { linkStats } from "./common_attributes.ts";
import type { Link, LinkAdd, LinkChanges, LinkStats } from "./link.ts";
import { writeLinkHeader } from "./link_body.ts";
import { linkAttributePath, readLink } from "./link_message.ts";
import { setLink } from "./set_link.ts";
import { writeTarget } from "./write_link.ts";

/** Which links {@linkcode Links.list} tells. */
export interface LinkFilter {
  /** Of this kind only. */
  kind?: string | undefined;
  /** The ports of this bridge, bond or vrf only, by name or index. */
  master?: string | number | undefined;
  /** Up only, or down only. */
  up?: boolean | undefined;
}

/**
 * The links (network interfaces) of one network namespace: `ns.link`. What is asked goes through a
 * netlink socket of the namespace; the calling thread stays where it is. Members are named as by
 * `ip link` of iproute2, and mean the same whether they are written or read.
 *
 * @example
 * ```ts
 * import { NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create();
 * await ns.link.add({ kind: "ifb", name: "eth0", mtu: 1400, up: true });
 * const { mtu, up } = await ns.link.get("eth0");
 * assert.deepEqual({ mtu, up }, { mtu: 1400, up: true });
 * await ns.close();
 * ```
 */
export class Links {
  /** The VLANs of bridges and their ports. */
  readonly bridgeVlan: BridgeVlans;
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
    this.bridgeVlan = new BridgeVlans(netlink);
  }

  /**
   * Makes a link, as `ip link add` does. Needs `CAP_NET_ADMIN` in the namespace, and in those that
   * `netns` options name. A link that cannot be set as described is removed again.
   *
   * `link` and `dev` name links of this namespace, `master` one of the namespace in which the link
   * is made. `tun` and `tap` are made by ioctl(2) on /dev/net/tun, and stay without a program.
   *
   * @param options The kind, its options, and what all links have; also a link that was read, whose
   * told members are ignored. Without `name` the kernel chooses one; a name has no `%`.
   * @returns The link as it is now, in whatever namespace it is.
   * @throws {TypeError | RangeError} An option that does not fit.
   * @throws {NetNSError} `EEXIST` when the name is in use; `EOPNOTSUPP` when the kernel has no such
   * kind, `ENODEV` for a link that is not there, `EPERM`, `EINVAL` and more with the kernel's reason
   * in `extack`; `ERR_NETNS_CLOSED`.
   *
   * @example Two namespaces, joined
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const one = NetNS.create();
   * const two = NetNS.create();
   * const peer = { name: "eth0", netns: two };
   * const { name } = await one.link.add({ kind: "veth", name: "eth0", peer });
   * assert.equal(name, "eth0");
   * assert.equal((await two.link.get("eth0")).kind, "veth");
   * await one.close();
   * await two.close();
   * ```
   */
  async add(options: LinkAdd): Promise<Link> {
    const taken = snapshot(options);
    const link = await addLink(this.#netlink, taken);
    if (taken.netns === undefined) this.#netlink.madeLinks.add(link.index);
    return link;
  }

  /**
   * Changes a link, as `ip link set` does. What fits goes in one message, so that a link is moved
   * and renamed at once; alternative names, and what a link does as a port of a new master, follow
   * in more. Needs `CAP_NET_ADMIN` in the namespace and in that of `netns`.
   *
   * A link that moves to another namespace goes down and loses its addresses. Together with `kind`,
   * and with a link that was read, only what differs is sent.
   *
   * @param dev The link, by name, alternative name or index.
   * @param changes What to change; the rest stays. Options of the kind need `kind` next to them.
   * @throws {TypeError | RangeError} An option that does not fit.
   * @throws {NetNSError} `ENODEV` when it is not there; `EEXIST` when the name is in use, also in
   * the other namespace; `EINVAL` for `lo`, which cannot move; `EOPNOTSUPP` for what the kind cannot
   * change; `EBUSY`, `EPERM`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.set("br0", { kind: "bridge", ageingTime: 1000, up: true });
   * const link = await ns.link.get("br0");
   * assert.ok(link.kind === "bridge" && link.ageingTime === 1000);
   * await ns.close();
   * ```
   */
  async set(dev: string | number, changes: LinkChanges): Promise<void> {
    await setLink(this.#netlink, dev, snapshot(changes));
  }

  /**
   * Removes a link, as `ip link del` does. The other end of a pair goes with it. Needs
   * `CAP_NET_ADMIN` in the namespace.
   *
   * @param dev The link, by name, alternative name or index.
   * @throws {NetNSError} `ENODEV` when it is not there; `EOPNOTSUPP` for what is not to be removed,
   * as `lo`; `EPERM`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0" });
   * await ns.link.del("eth0");
   * await assert.rejects(ns.link.get("eth0"), { code: "ENODEV" });
   * await ns.close();
   * ```
   */
  async del(dev: string | number): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    const message = this.#netlink.message(RTM_DELLINK, flags, (to) => writeTarget(to, dev));
    const op = `link del ${dev}`;
    await this.#netlink.connection.request({ message, op, describe: linkAttributePath });
  }

  /**
   * Reads a link.
   *
   * @param dev The link, by name, alternative name or index.
   * @returns All that the kernel tells of it, in the members that {@linkcode add} and
   * {@linkcode set} take, and more that is only told.
   * @throws {NetNSError} `ENODEV` when it is not there; `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const { index, type, mtu } = await ns.link.get("lo");
   * assert.deepEqual({ index, type, mtu }, { index: 1, type: "loopback", mtu: 65536 });
   * await ns.close();
   * ```
   */
  async get(dev: string | number): Promise<Link> {
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    const message = this.#netlink.message(RTM_GETLINK, flags, (to) => {
      writeTarget(to, dev);
      writeExtMask(to);
    });
    const [link] = await this.#netlink.connection.query({
      message,
      op: `link get ${dev}`,
      describe: linkAttributePath,
      read: (reader, _type, start, end) => readLink(reader, start, end),
    });
    return link!;
  }

  /**
   * Lists links, as `ip link show` does. All of them are read before this resolves; see
   * {@linkcode dump}.
   *
   * @param filter Which ones; all by default.
   * @throws {NetNSError} `ENODEV` when the master is not there; `ERR_NETNS_DUMP_INTERRUPTED` when
   * links change all the time; `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.add({ kind: "ifb", name: "port0", master: "br0" });
   * const ports = await ns.link.list({ master: "br0" });
   * assert.deepEqual(ports.map(({ name }) => name), ["port0"]);
   * await ns.close();
   * ```
   */
  async list(filter: LinkFilter = {}): Promise<Link[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists links one after the other, for namespaces with very many. They may change meanwhile.
   *
   * @param filter Which ones; all by default.
   * @returns An iterator over a socket of its own, which is closed when it ends.
   * @throws {NetNSError} As {@linkcode list}, at the end, when links changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const names: string[] = [];
   * for await (const { name } of ns.link.dump({ up: true })) names.push(name);
   * assert.ok(names.includes("lo"));
   * await ns.close();
   * ```
   */
  dump(filter: LinkFilter = {}): DisposableIterator<Link> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  /**
   * Reads the counters of a link, and nothing else.
   *
   * @param dev The link, by name, alternative name or index.
   * @returns Counts since it was made.
   * @throws {NetNSError} `ENODEV` when it is not there; `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const { rxPackets, txBytes } = await ns.link.stats("lo");
   * assert.equal(typeof rxPackets, "number");
   * assert.equal(typeof txBytes, "number");
   * await ns.close();
   * ```
   */
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

  #listing(filter: LinkFilter): Query<Link> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["kind", "master", "up"]);
    checkBoolean("filter.up", filter.up);
    const { kind, master, up } = filter;
    let masterOffset = 0;
    if (kind !== undefined && typeof kind !== "string") {
      throw wrongType("filter.kind", "the kind of a link", kind);
    }
    const message = this.#netlink.message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
      writeLinkHeader(writer);
      if (master !== undefined) {
        const start = writer.begin(IFLA.IFLA_MASTER);
        masterOffset = writer.length;
        writeLink(writer, master, "filter.master");
        writer.end(start);
      }
      writeExtMask(writer);
      if (kind !== undefined) {
        const start = writer.begin(IFLA.IFLA_LINKINFO);
        const kernelKind = kind === "tap" ? "tun" : kind;
        writeAttribute(
          writer,
          IFLA_INFO.IFLA_INFO_KIND,
          text(255, false),
          kernelKind,
          "filter.kind",
        );
        writer.end(start);
      }
    });
    return {
      message,
      op: "link list",
      describe: linkAttributePath,
      read(reader, _type, start, end, flags) {
        const link = readLink(reader, start, end);
        if (link === undefined) return undefined;
        // The kernel does not filter by a kind that it has not loaded, nor tell tap from tun.
        if (kind !== undefined && link.kind !== kind) return undefined;
        if (up !== undefined && link.up !== up) return undefined;
        const isPort = master === undefined || (flags & NLM_F_DUMP_FILTERED) !== 0 ||
          link.master === reader.linkName(linkInRequest(message, masterOffset));
        return isPort ? link : undefined;
      },
    };
  }
}

/**
 * Leaves out counters of IPv6, a quarter of all that the kernel would tell of a link. Without a mask
 * it also ends a dump before a link that does not fit its buffer.
 */
function writeExtMask(writer: MessageWriter): void {
  const mask = RTEXT_FILTER.RTEXT_FILTER_SKIP_STATS;
  writeAttribute(writer, IFLA.IFLA_EXT_MASK, u32, mask, "filter");
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
