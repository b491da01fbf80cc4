/**
 * `tc filter`: adds, replaces, changes, removes and lists filters of packets.
 *
 * @module
 */

import { checkOptions, wrongType } from "../../check.ts";
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_ECHO,
  NLM_F_EXCL,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELTFILTER, RTM_GETTFILTER, RTM_NEWTFILTER } from "../constants/rtnetlink.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query, Request } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import type { Filter, FilterAdd, FilterPlace, FilterTarget } from "./filter.ts";
import {
  filterAttributePath,
  readAnyFilter,
  readFilter,
  writeFilter,
  writeFilterTarget,
  writeRemovedFilter,
} from "./filter_message.ts";
import { kindHint } from "./kind_hint.ts";
import { notTold } from "./not_told.ts";
import type { EthernetProtocol } from "./protocols.ts";

/** Which filters {@linkcode Filters.list} tells. */
export interface FilterFilter extends FilterPlace {
  pref?: number | undefined;
  protocol?: EthernetProtocol | undefined;
  chain?: number | undefined;
}

/** The filters of packets of one network namespace. */
export class Filters {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds a filter: it puts packets into classes, or does something with them.
   *
   * @param options The filter. One at `ingress` or `egress` needs a qdisc `clsact` (or `ingress`).
   * @returns The filter as the kernel has it, with its handle and its `pref`.
   * @throws {NetNSError} EEXIST when there is one of this handle; EINVAL when there is no such
   *   qdisc; ENOENT when the kernel has no such kind of filter or action; ENODEV when there is no
   *   such link; EPERM without `CAP_NET_ADMIN`.
   * @throws {TypeError | RangeError} An option that is none, or with a bad value.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "copies", up: true });
   * await ns.qdisc.add({ dev: "lo", kind: "clsact" });
   * const filter = await ns.filter.add({
   *   dev: "lo",
   *   parent: "egress",
   *   protocol: "ip",
   *   kind: "u32",
   *   match: [{ ip: { dst: "127.0.0.0/8", dport: 80 } }],
   *   actions: [{ kind: "mirred", action: "mirror", dev: "copies" }],
   * });
   * assert.equal(filter.handle, "800::800");
   * await ns.close();
   * ```
   */
  async add(options: FilterAdd): Promise<Filter> {
    options = snapshot(options);
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
    const [made] = await this.#netlink.connection.query({
      ...this.#describing("add", options, flags, "all"),
      read: (reader, type, start, end) =>
        type === RTM_NEWTFILTER ? readAnyFilter(reader, start, end) : undefined,
    });
    if (made === undefined) throw notTold(opOf("add", options));
    if (made.handle !== 0) return made;
    // So is matchall told, of which there is but one of a pref.
    const { dev, block, parent } = options;
    const { pref, protocol, chain } = made;
    const [listed] = await this.list({ dev, block, parent, pref, protocol, chain });
    if (listed === undefined) throw notTold(opOf("add", options));
    return listed;
  }

  /**
   * Adds a filter, or changes the one of this handle.
   *
   * @param options As for {@linkcode Filters.add}.
   * @throws {NetNSError} As {@linkcode Filters.add}, but for EEXIST.
   */
  async replace(options: FilterAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
    await this.#netlink.connection.request(this.#describing("replace", options, flags, "all"));
  }

  /**
   * Changes a filter that is there.
   *
   * @param options As for {@linkcode Filters.add}, with `pref` and `handle`.
   * @throws {NetNSError} ENOENT when there is none.
   */
  async change(options: FilterAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    await this.#netlink.connection.request(this.#describing("change", options, flags));
  }

  /**
   * Removes one filter, those of one `pref`, or all of a place.
   *
   * @throws {NetNSError} ENOENT when there is none; EINVAL when there is no such qdisc.
   */
  async del(target: FilterTarget): Promise<void> {
    target = snapshot(target);
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    const message = this.#netlink.message(
      RTM_DELTFILTER,
      flags,
      (writer) => writeRemovedFilter(writer, target),
    );
    await this.#netlink.connection.request({
      message,
      op: opOf("del", target),
      describe: filterAttributePath,
    });
  }

  /**
   * Tells the filters of a place, and of u32 the tables that they are in.
   *
   * @throws {NetNSError} ENODEV when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when they
   *   change all the time.
   */
  async list(filter: FilterFilter): Promise<Filter[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * As {@linkcode Filters.list}, one after the other.
   *
   * @throws {NetNSError} As {@linkcode Filters.list}.
   */
  dump(filter: FilterFilter): DisposableIterator<Filter> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  #describing(verb: string, options: FilterAdd, flags: number, protocol?: string): Request {
    options = snapshot(options);
    const message = this.#netlink.message(
      RTM_NEWTFILTER,
      flags,
      (writer) => writeFilter(writer, options, protocol),
    );
    return {
      message,
      op: `${opOf(verb, options)} ${options.kind}`,
      describe: filterAttributePath,
      hint: kindHint("cls", options.kind),
    };
  }

  #listing(filter: FilterFilter): Query<Filter> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["dev", "block", "parent", "pref", "protocol", "chain"]);
    const { dev, block } = { ...filter };
    if (dev === undefined && block === undefined) {
      throw wrongType(
        "filter.dev",
        "the link whose filters are wanted, unless block is given",
        dev,
      );
    }
    const flags = NLM_F_REQUEST | NLM_F_DUMP;
    const message = this.#netlink.message(RTM_GETTFILTER, flags, (writer) => {
      writeFilterTarget(writer, { ...filter }, "filter");
    });
    return {
      message,
      op: "filter list",
      read: (reader, _type, start, end) => readFilter(reader, start, end),
    };
  }
}

function opOf(verb: string, { dev, block }: FilterPlace): string {
  return block === undefined ? `filter ${verb} dev ${dev}` : `filter ${verb} block ${block}`;
}
