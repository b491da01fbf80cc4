/**
 * `ip neighbour`: adds, changes, removes and lists neighbours.
 *
 * @module
 */

import { checkBoolean, checkOptions } from "../../check.ts";
import { NLA_HDRLEN, NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { wordNumber, wordsByNumber, writeLink } from "../codec/values.ts";
import { NDA, NTF, NUD } from "../constants/neighbour.ts";
import {
  NLM_F_CREATE,
  NLM_F_DUMP_FILTERED,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from "../constants/rtnetlink.ts";
import { checkFamily, type Family, familyNumber } from "../family.ts";
import { linkInRequest } from "../link_filter.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import { NDMSG_LENGTH, writeNeighbourHeader } from "./ndmsg.ts";
import type { Neighbour, NeighbourAdd, NeighbourKey, NeighbourState } from "./neighbour.ts";
import {
  neighbourAttributePath,
  readNeighbour,
  writeNeighbour,
  writeNeighbourKey,
} from "./neighbour_message.ts";

/** Which neighbours {@linkcode Neighbours.list} tells. */
export interface NeighbourFilter {
  /** Those on this link, by name or index. */
  dev?: string | number | undefined;
  /** Those of this family. */
  family?: Family | undefined;
  /** Those of which this is known. */
  nud?: NeighbourState | undefined;
  /** Whether those for which the machine answers are told, instead of the others. */
  proxy?: boolean | undefined;
}

const stateWord = wordsByNumber(NUD);

/** The neighbours on the links of one network namespace: ARP, and neighbour discovery of IPv6. */
export class Neighbours {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds a neighbour: `ip neighbour add`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options Its address, the link, its link-layer address, and more; or, with `proxy`, an
   * address that the machine answers for.
   * @throws {NetNSError} `EEXIST` when it is known; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * await ns.neigh.add({ dst: "10.0.0.10", dev: "eth0", proxy: true });
   * await ns.close();
   * ```
   *
   * @see rtnetlink(7), ip-neighbour(8)
   */
  async add(options: NeighbourAdd): Promise<void> {
    await this.#request("add", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  /**
   * Adds a neighbour, or changes it: `ip neighbour replace`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Neighbours.add}.
   * @throws {NetNSError} `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.replace({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * await ns.neigh.replace({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:0a" });
   * await ns.close();
   * ```
   *
   * @see ip-neighbour(8)
   */
  async replace(options: NeighbourAdd): Promise<void> {
    await this.#request("replace", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, options);
  }

  /**
   * Changes a neighbour: `ip neighbour change`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Neighbours.add}.
   * @throws {NetNSError} `ENOENT` when it is not known; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * const neighbour = { dst: "fd00::9", dev: "eth0", lladdr: "02:00:00:00:00:09" };
   * await ns.neigh.add(neighbour);
   * await ns.neigh.change({ ...neighbour, nud: "stale", router: true });
   * await ns.close();
   * ```
   *
   * @see ip-neighbour(8)
   */
  async change(options: NeighbourAdd): Promise<void> {
    await this.#request("change", RTM_NEWNEIGH, NLM_F_REPLACE, options);
  }

  /**
   * Removes a neighbour: `ip neighbour del`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options Its address and the link.
   * @throws {NetNSError} `ENOENT` when it is not known; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * await ns.neigh.del({ dst: "10.0.0.9", dev: "eth0" });
   * await ns.close();
   * ```
   *
   * @see ip-neighbour(8)
   */
  async del(options: NeighbourAdd): Promise<void> {
    await this.#request("del", RTM_DELNEIGH, 0, options);
  }

  /**
   * Tells what is known of a neighbour: `ip neighbour get`.
   *
   * @param key Its address and the link.
   * @returns The neighbour.
   * @throws {NetNSError} `ENOENT` when it is not known; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * assert.equal((await ns.neigh.get({ dst: "10.0.0.9", dev: "eth0" })).nud, "permanent");
   * await ns.close();
   * ```
   *
   * @see ip-neighbour(8)
   */
  async get(key: NeighbourKey): Promise<Neighbour> {
    key = snapshot(key);
    const message = this.#netlink.message(
      RTM_GETNEIGH,
      NLM_F_REQUEST,
      (writer) => writeNeighbourKey(writer, key),
    );
    const [neighbour] = await this.#netlink.connection.query({
      message,
      op: `neigh get ${key.dst} dev ${key.dev}`,
      describe: neighbourAttributePath,
      read: (reader, _type, start, end) => readNeighbour(reader, start, end),
    });
    return neighbour!;
  }

  /**
   * Lists neighbours: `ip neighbour show nud all`.
   *
   * @param filter Those on one link, of one family, in one state only; or the proxies.
   * @returns The neighbours, also those that need no address; each can be given to the other methods
   * as it is.
   * @throws {NetNSError} `ENODEV` when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when
   * neighbours change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * const [neighbour] = await ns.neigh.list({ dev: "eth0", nud: "permanent" });
   * assert.equal(neighbour?.lladdr, "02:00:00:00:00:09");
   * await ns.close();
   * ```
   *
   * @see ip-neighbour(8)
   */
  async list(filter: NeighbourFilter = {}): Promise<Neighbour[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists neighbours as {@linkcode Neighbours.list} does, one after the other. For very many of them;
   * it does not start anew when they change meanwhile.
   *
   * @param filter Those on one link, of one family, in one state only; or the proxies.
   * @returns An iterator. It may be left before its end.
   * @throws {NetNSError} At its end: `ERR_NETNS_DUMP_INTERRUPTED` when neighbours changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * for await (const { dst, lladdr } of ns.neigh.dump()) console.log(dst, lladdr);
   * await ns.close();
   * ```
   */
  dump(filter: NeighbourFilter = {}): DisposableIterator<Neighbour> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: NeighbourAdd): Promise<void> {
    options = snapshot(options);
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | flags,
      (writer) => writeNeighbour(writer, options),
    );
    await this.#netlink.connection.request({
      message,
      op: `neigh ${verb} ${options.dst} dev ${options.dev}`,
      describe: neighbourAttributePath,
    });
  }

  #listing(filter: NeighbourFilter): Query<Neighbour> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["dev", "family", "nud", "proxy"]);
    const { dev, family, proxy } = filter;
    checkFamily("filter.family", family);
    checkBoolean("filter.proxy", proxy);
    const nud = filter.nud === undefined
      ? undefined
      : stateWord(wordNumber(NUD, filter.nud, "filter.nud", 0xffff));
    const message = this.#netlink.message(RTM_GETNEIGH, NLM_F_REQUEST, (writer) => {
      const flags = proxy === true ? NTF.PROXY : 0;
      writeNeighbourHeader(writer, { family: familyNumber(family), flags });
      if (dev === undefined) return;
      const start = writer.begin(NDA.NDA_IFINDEX);
      writeLink(writer, dev, "filter.dev");
      writer.end(start);
    });
    const linkOffset = NLMSG_HDRLEN + NDMSG_LENGTH + NLA_HDRLEN;
    return {
      message,
      op: "neigh list",
      read: (reader, _type, start, end, flags) => {
        const neighbour = readNeighbour(reader, start, end);
        if (neighbour === undefined) return undefined;
        if (family !== undefined && neighbour.family !== family) return undefined;
        if (nud !== undefined && neighbour.nud !== nud) return undefined;
        if (proxy !== true && neighbour.proxy === true) return undefined;
        if (dev === undefined || (flags & NLM_F_DUMP_FILTERED) !== 0) return neighbour;
        const wanted = reader.linkName(linkInRequest(message, linkOffset));
        return neighbour.dev === wanted ? neighbour : undefined;
      },
    };
  }
}
