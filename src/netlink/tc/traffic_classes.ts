/**
 * `tc class`: adds, replaces, changes, removes and lists the classes of qdiscs.
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
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELTCLASS, RTM_GETTCLASS, RTM_NEWTCLASS } from "../constants/rtnetlink.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query, Request } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import { classParents, parseHandle } from "./handle.ts";
import { kindHint } from "./kind_hint.ts";
import { notTold } from "./not_told.ts";
import type { TrafficClass, TrafficClassAdd } from "./qdisc.ts";
import {
  classAttributePath,
  readTrafficClass,
  writeClassTarget,
  writeTrafficClass,
} from "./qdisc_message.ts";
import { writeTrafficControlHeader } from "./traffic_control_message.ts";

/** Which classes {@linkcode TrafficClasses.list} tells. */
export interface TrafficClassFilter {
  /** Those of this link, by name or index. */
  dev: string | number;
  /** Those of the qdisc with this handle: `1:`. */
  parent?: string | undefined;
}

/** Which class to remove. */
export interface TrafficClassTarget {
  dev: string | number;
  classid: string;
}

/** The classes of the qdiscs of one network namespace. */
export class TrafficClasses {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds a class to a qdisc that has such.
   *
   * @param options The class: rates are in bit/s, times in ms, sizes in bytes, or in the notation
   *   of tc(8).
   * @returns The class as the kernel has it.
   * @throws {NetNSError} EEXIST when there is one of this number; ENOENT or EINVAL when there is no
   *   such qdisc; ENODEV when there is no such link; EPERM without `CAP_NET_ADMIN`.
   * @throws {TypeError | RangeError} An option that is none, or with a bad value.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.qdisc.add({ dev: "lo", kind: "htb", handle: "1:", default: "10" });
   * const options = { dev: "lo", kind: "htb", classid: "1:10", rate: "1mbit", ceil: "2mbit" } as const;
   * const made = await ns.class.add(options);
   * assert.deepEqual([made.kind === "htb" && made.rate, made.parent], [1_000_000, "root"]);
   * await ns.close();
   * ```
   */
  async add(options: TrafficClassAdd): Promise<TrafficClass> {
    options = snapshot(options);
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
    const [made] = await this.#netlink.connection.query({
      ...this.#describing("add", options, flags),
      read: (reader, type, start, end) =>
        type === RTM_NEWTCLASS ? readTrafficClass(reader, start, end) : undefined,
    });
    if (made === undefined) throw notTold(`class add dev ${options.dev} ${options.classid}`);
    return made;
  }

  /**
   * Adds a class, or changes the one of this number.
   *
   * @param options As for {@linkcode TrafficClasses.add}.
   * @throws {NetNSError} As {@linkcode TrafficClasses.add}, but for EEXIST.
   */
  async replace(options: TrafficClassAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    await this.#netlink.connection.request(this.#describing("replace", options, flags));
  }

  /**
   * Changes a class that is there. What is left out becomes the default again.
   *
   * @param options As for {@linkcode TrafficClasses.add}.
   * @throws {NetNSError} ENOENT when there is none.
   */
  async change(options: TrafficClassAdd): Promise<void> {
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    await this.#netlink.connection.request(this.#describing("change", options, flags));
  }

  /**
   * Removes a class.
   *
   * @throws {NetNSError} ENOENT when there is none; EBUSY when filters or classes refer to it.
   */
  async del(target: TrafficClassTarget): Promise<void> {
    target = snapshot(target);
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    const message = this.#netlink.message(
      RTM_DELTCLASS,
      flags,
      (writer) => writeClassTarget(writer, target),
    );
    await this.#netlink.connection.request({
      message,
      op: `class del dev ${target.dev} ${target.classid}`,
      describe: classAttributePath,
    });
  }

  /**
   * Tells the classes of a link.
   *
   * @throws {NetNSError} ENODEV when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when they
   *   change all the time.
   */
  async list(filter: TrafficClassFilter): Promise<TrafficClass[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * As {@linkcode TrafficClasses.list}, one after the other.
   *
   * @throws {NetNSError} As {@linkcode TrafficClasses.list}.
   */
  dump(filter: TrafficClassFilter): DisposableIterator<TrafficClass> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  #describing(verb: string, options: TrafficClassAdd, flags: number): Request {
    options = snapshot(options);
    const message = this.#netlink.message(
      RTM_NEWTCLASS,
      flags,
      (writer) => writeTrafficClass(writer, options),
    );
    const op = `class ${verb} dev ${options.dev} ${options.classid}`;
    return { message, op, describe: classAttributePath, hint: kindHint("sch", options.kind) };
  }

  #listing(filter: TrafficClassFilter): Query<TrafficClass> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["dev", "parent"]);
    const { dev, parent } = { ...filter };
    if (dev === undefined) {
      throw wrongType("filter.dev", "the link whose classes are wanted, by name or index", dev);
    }
    const message = this.#netlink.message(RTM_GETTCLASS, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
      writeTrafficControlHeader(writer, {
        dev,
        option: "filter.dev",
        parent: parent === undefined ? 0 : parseHandle("filter.parent", parent, classParents),
      });
    });
    return {
      message,
      op: "class list",
      read: (reader, _type, start, end) => readTrafficClass(reader, start, end),
    };
  }
}
