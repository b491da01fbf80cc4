/**
 * `tc qdisc`: adds, replaces, changes, removes and lists queueing disciplines.
 *
 * @module
 */

import { checkBoolean, checkOptions } from "../../check.ts";
import { attributeTable } from "../codec/attribute_table.ts";
import { writeAttributes } from "../codec/attributes.ts";
import { flag } from "../codec/values.ts";
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_ECHO,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELQDISC, RTM_GETQDISC, RTM_NEWQDISC, TCA } from "../constants/rtnetlink.ts";
import { linkInRequest } from "../link_filter.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query, Request } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import { kindHint } from "./kind_hint.ts";
import { notTold } from "./not_told.ts";
import type { Qdisc, QdiscAdd, QdiscTarget } from "./qdisc.ts";
import { qdiscAttributePath, readQdisc, writeQdisc, writeQdiscTarget } from "./qdisc_message.ts";
import { LINK_OFFSET, writeTrafficControlHeader } from "./traffic_control_message.ts";

/** Which qdiscs {@linkcode Qdiscs.list} tells. */
export interface QdiscFilter {
  /** Those of this link, by name or index. */
  dev?: string | number | undefined;
  /** Those of this kind. */
  kind?: string | undefined;
  /** Whether with those that the kernel made by itself below others; false by default. */
  invisible?: boolean | undefined;
}

const filterAttributes = attributeTable(TCA, { TCA_DUMP_INVISIBLE: ["invisible", flag] });

/** The queueing disciplines of the links of one network namespace. */
export class Qdiscs {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Gives a link a qdisc, or a class one, where there is none but that of the kernel.
   *
   * It shapes what the link sends; `ingress` and `clsact` are where filters look at packets.
   *
   * @param options The qdisc: rates are in bit/s, times in ms, sizes in bytes, shares in percent,
   *   or in the notation of tc(8).
   * @returns The qdisc as the kernel has it, with its handle.
   * @throws {NetNSError} EEXIST when there is one; ENOENT when the kernel has no such kind; ENODEV
   *   when there is no such link; EPERM without `CAP_NET_ADMIN`.
   * @throws {TypeError | RangeError} An option that is none, or with a bad value.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const options = { dev: "lo", kind: "tbf", rate: "1mbit", burst: "32k", latency: 50 } as const;
   * const qdisc = await ns.qdisc.add(options);
   * assert.deepEqual([qdisc.kind, qdisc.parent], ["tbf", "root"]);
   * await ns.close();
   * ```
   */
  async add(options: QdiscAdd): Promise<Qdisc> {
    options = snapshot(options);
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
    const [made] = await this.#netlink.connection.query({
      ...this.#describing("add", options, flags),
      read: (reader, type, start, end) =>
        type === RTM_NEWQDISC ? readQdisc(reader, start, end) : undefined,
    });
    if (made === undefined) throw notTold(`qdisc add dev ${options.dev}`);
    return made;
  }

  /**
   * Gives a link a qdisc whether it has one or not. One of the same kind is changed, if its kind
   * can be.
   *
   * @param options As for {@linkcode Qdiscs.add}.
   * @throws {NetNSError} EINVAL or EOPNOTSUPP when the one that is there cannot be changed so; else
   *   as {@linkcode Qdiscs.add}.
   */
  async replace(options: QdiscAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    await this.#netlink.connection.request(this.#describing("replace", options, flags));
  }

  /**
   * Changes the options of a qdisc that is there. What is left out becomes the default again.
   *
   * @param options As for {@linkcode Qdiscs.add}.
   * @throws {NetNSError} ENOENT when there is none; EINVAL when it is of another kind; EOPNOTSUPP
   *   when its kind cannot be changed.
   */
  async change(options: QdiscAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    await this.#netlink.connection.request(this.#describing("change", options, flags));
  }

  /**
   * Removes a qdisc, its classes and its filters. The link has the kernel's default one then.
   *
   * @param target Where it is: by default at the root, or at the ingress if that is its kind; also
   *   a qdisc that was read.
   * @throws {NetNSError} ENOENT or EINVAL when there is none.
   */
  async del(target: QdiscTarget): Promise<void> {
    target = snapshot(target);
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    const message = this.#netlink.message(
      RTM_DELQDISC,
      flags,
      (writer) => writeQdiscTarget(writer, target),
    );
    await this.#netlink.connection.request({
      message,
      op: `qdisc del dev ${target.dev}`,
      describe: qdiscAttributePath,
    });
  }

  /**
   * Tells the qdiscs of all links, or of those that `filter` names.
   *
   * @throws {NetNSError} ENODEV when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when they
   *   change all the time.
   */
  async list(filter: QdiscFilter = {}): Promise<Qdisc[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * As {@linkcode Qdiscs.list}, one after the other.
   *
   * @throws {NetNSError} As {@linkcode Qdiscs.list}.
   */
  dump(filter: QdiscFilter = {}): DisposableIterator<Qdisc> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  #describing(verb: string, options: QdiscAdd, flags: number): Request {
    options = snapshot(options);
    const message = this.#netlink.message(
      RTM_NEWQDISC,
      flags,
      (writer) => writeQdisc(writer, options),
    );
    const op = `qdisc ${verb} dev ${options.dev} ${options.kind}`;
    return { message, op, describe: qdiscAttributePath, hint: kindHint("sch", options.kind) };
  }

  #listing(filter: QdiscFilter): Query<Qdisc> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["dev", "kind", "invisible"]);
    checkBoolean("filter.invisible", filter.invisible);
    const { dev, kind } = filter;
    const message = this.#netlink.message(RTM_GETQDISC, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
      writeTrafficControlHeader(writer, { dev, option: "filter.dev" });
      writeAttributes(writer, filterAttributes, { ...filter }, "filter");
    });
    return {
      message,
      op: "qdisc list",
      read(reader, _type, start, end) {
        // The kernel tells those of all links, whatever is asked.
        if (dev !== undefined && reader.u32(start + 4) !== linkInRequest(message, LINK_OFFSET)) {
          return undefined;
        }
        const qdisc = readQdisc(reader, start, end);
        return kind === undefined || qdisc?.kind === kind ? qdisc : undefined;
      },
    };
  }
}
