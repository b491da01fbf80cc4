/**
 * `bridge fdb`: adds, removes and lists entries of forwarding databases.
 *
 * @module
 */

import { checkOptions } from "../../check.ts";
import { writeLink } from "../codec/values.ts";
import { AF_BRIDGE, NDA } from "../constants/neighbour.ts";
import {
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from "../constants/rtnetlink.ts";
import { linkInRequest } from "../link_filter.ts";
import { writeNeighbourHeader } from "../neigh/ndmsg.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import type { FdbAdd, FdbDel, FdbEntry } from "./fdb_entry.ts";
import { fdbAttributePath, readFdbEntry, writeFdbEntry } from "./fdb_message.ts";

/** Which entries {@linkcode Fdb.list} tells. */
export interface FdbFilter {
  /** Those of this bridge and its ports, by name or index. */
  br?: string | number | undefined;
  /** Those of this link, by name or index. */
  dev?: string | number | undefined;
}

const notPermitted = "a bridge takes entries that are not permanent only for ports that learn or " +
  "forward: bring the port up; and CAP_NET_ADMIN is needed";

/** The forwarding databases of bridges and VXLANs of one network namespace. */
export class Fdb {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds an entry: `bridge fdb add`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options The link-layer address, the link, and more.
   * @throws {NetNSError} `EEXIST` when there is one; `EOPNOTSUPP` when the link has no database;
   * `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.add({ kind: "ifb", name: "eth0", master: "br0" });
   * await ns.fdb.add({ mac: "02:00:00:00:00:0a", dev: "eth0", master: true, state: "static" });
   * await ns.close();
   * ```
   *
   * @see rtnetlink(7), bridge(8)
   */
  async add(options: FdbAdd): Promise<void> {
    await this.#request("add", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  /**
   * Adds one more other end of the tunnel to an address: `bridge fdb append`. Needs CAP_NET_ADMIN in
   * the namespace.
   *
   * @param options As of {@linkcode Fdb.add}; the link is a VXLAN.
   * @throws {NetNSError} `EOPNOTSUPP` when the link takes only one; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const broadcast = { mac: "00:00:00:00:00:00", dev: "vx0" };
   * const failed = await ns.fdb.append({ ...broadcast, dst: "10.0.0.2" }).catch(({ code }) => code);
   * assert.equal(failed, "ENODEV");
   * await ns.close();
   * ```
   *
   * @see bridge(8)
   */
  async append(options: FdbAdd): Promise<void> {
    await this.#request("append", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND, options);
  }

  /**
   * Adds an entry, or changes it: `bridge fdb replace`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Fdb.add}.
   * @throws {NetNSError} `EOPNOTSUPP` when the link has no database; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.add({ kind: "ifb", name: "eth0", master: "br0" });
   * const entry = { mac: "02:00:00:00:00:0a", dev: "eth0", master: true };
   * await ns.fdb.replace({ ...entry, state: "permanent" });
   * await ns.fdb.replace({ ...entry, state: "static" });
   * await ns.close();
   * ```
   *
   * @see bridge(8)
   */
  async replace(options: FdbAdd): Promise<void> {
    await this.#request("replace", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, options);
  }

  /**
   * Removes an entry: `bridge fdb del`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options The link-layer address, the link, and what else tells the entry from others.
   * @throws {NetNSError} `ENOENT` when there is none; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.add({ kind: "ifb", name: "eth0", master: "br0" });
   * await ns.fdb.add({ mac: "02:00:00:00:00:0a", dev: "eth0", master: true, state: "static" });
   * await ns.fdb.del({ mac: "02:00:00:00:00:0a", dev: "eth0", master: true });
   * await ns.close();
   * ```
   *
   * @see bridge(8)
   */
  async del(options: FdbDel): Promise<void> {
    await this.#request("del", RTM_DELNEIGH, 0, options);
  }

  /**
   * Lists entries: `bridge fdb show`.
   *
   * @param filter Those of one bridge or of one link only.
   * @returns The entries; each can be given to the other methods as it is.
   * @throws {NetNSError} `ENODEV` when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when
   * entries change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * await ns.link.add({ kind: "ifb", name: "eth0", master: "br0" });
   * await ns.fdb.add({ mac: "02:00:00:00:00:0a", dev: "eth0", master: true, state: "static" });
   * const entries = await ns.fdb.list({ dev: "eth0" });
   * assert.ok(entries.some(({ mac, master }) => mac === "02:00:00:00:00:0a" && master === "br0"));
   * await ns.close();
   * ```
   *
   * @see bridge(8)
   */
  async list(filter: FdbFilter = {}): Promise<FdbEntry[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists entries as {@linkcode Fdb.list} does, one after the other. For very many of them; it does
   * not start anew when they change meanwhile.
   *
   * @param filter Those of one bridge or of one link only.
   * @returns An iterator. It may be left before its end.
   * @throws {NetNSError} At its end: `ERR_NETNS_DUMP_INTERRUPTED` when entries changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * for await (const { mac, dev } of ns.fdb.dump()) console.log(mac, dev);
   * await ns.close();
   * ```
   */
  dump(filter: FdbFilter = {}): DisposableIterator<FdbEntry> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: FdbDel): Promise<void> {
    options = snapshot(options);
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | flags,
      (writer) => writeFdbEntry(writer, options),
    );
    await this.#netlink.connection.request({
      message,
      op: `fdb ${verb} ${options.mac} dev ${options.dev}`,
      describe: fdbAttributePath,
      hint: (code) => code === "EPERM" && type === RTM_NEWNEIGH ? notPermitted : undefined,
    });
  }

  #listing(filter: FdbFilter): Query<FdbEntry> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["br", "dev"]);
    const { br, dev } = filter;
    let bridgeOffset = 0;
    let linkOffset = 0;
    const message = this.#netlink.message(RTM_GETNEIGH, NLM_F_REQUEST, (writer) => {
      writeNeighbourHeader(writer, { family: AF_BRIDGE });
      const write = (type: number, link: string | number, option: string) => {
        const start = writer.begin(type);
        const offset = writer.length;
        writeLink(writer, link, option);
        writer.end(start);
        return offset;
      };
      if (br !== undefined) bridgeOffset = write(NDA.NDA_MASTER, br, "filter.br");
      if (dev !== undefined) linkOffset = write(NDA.NDA_IFINDEX, dev, "filter.dev");
    });
    return {
      message,
      op: "fdb list",
      read: (reader, _type, start, end) => {
        const entry = readFdbEntry(reader, start, end);
        if (entry === undefined) return undefined;
        // The kernel tells of a link what its driver has, too, and does not say what it left out.
        if (dev !== undefined) {
          const wanted = reader.linkName(linkInRequest(message, linkOffset));
          if (entry.dev !== wanted) return undefined;
        }
        if (br === undefined) return entry;
        const bridge = reader.linkName(linkInRequest(message, bridgeOffset));
        return entry.master === bridge || entry.dev === bridge ? entry : undefined;
      },
    };
  }
}
