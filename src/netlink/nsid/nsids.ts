/**
 * `ip netns set` and `ip netns list-id`: the ids by which a namespace knows others.
 *
 * @module
 */

import { checkInteger } from "../../check.ts";
import { NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_GETNSID, RTM_NEWNSID } from "../constants/rtnetlink.ts";
import type { NetworkNamespace } from "../link/link.ts";
import type { Netlink } from "../netlink.ts";
import { nsidAttributePath, readNsid, writeNsid, writeNsidHeader } from "./nsid_message.ts";

/** The ids by which one network namespace knows others. */
export class Nsids {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Tells the id by which the namespace knows another one.
   *
   * @param netns The other one: a handle, a name, a path or a process id.
   * @returns The id; undefined when it has none.
   * @throws {NetNSError} When there is no such namespace.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const other = NetNS.create();
   * assert.equal(await ns.nsid.get(other), undefined);
   * await ns.close();
   * await other.close();
   * ```
   *
   * @see ip-netns(8)
   */
  async get(netns: NetworkNamespace): Promise<number | undefined> {
    const message = this.#netlink.message(
      RTM_GETNSID,
      NLM_F_REQUEST,
      (writer) => writeNsid(writer, netns),
      "nsid get",
    );
    const [nsid] = await this.#netlink.connection.query({
      message,
      op: "nsid get",
      describe: nsidAttributePath,
      read: (reader, _type, start, end) => readNsid(reader, start, end),
    });
    return nsid;
  }

  /**
   * Gives another namespace an id by which this one knows it; once, it stays. Needs CAP_NET_ADMIN in
   * this namespace.
   *
   * @param netns The other one: a handle, a name, a path or a process id.
   * @param nsid The id, from 0 on, or "auto" for the next free one.
   * @returns The id.
   * @throws {NetNSError} `EEXIST` when the other one has an id, or the id is that of another one.
   * @throws {TypeError | RangeError} An id that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const other = NetNS.create();
   * await ns.nsid.set(other, 7);
   * assert.equal(await ns.nsid.get(other), 7);
   * await ns.close();
   * await other.close();
   * ```
   *
   * @see ip-netns(8)
   */
  async set(netns: NetworkNamespace, nsid: number | "auto"): Promise<number> {
    if (nsid !== "auto") checkInteger("nsid", nsid, 0);
    const op = `nsid set ${nsid}`;
    const message = this.#netlink.message(
      RTM_NEWNSID,
      NLM_F_REQUEST,
      (writer) => writeNsid(writer, netns, nsid),
      op,
    );
    const request = { message, op, describe: nsidAttributePath };
    if (nsid !== "auto") {
      await this.#netlink.connection.request(request);
      return nsid;
    }
    return await this.#netlink.inTurn(async (netlink) => {
      await netlink.connection.request(request);
      return (await netlink.nsid.get(netns))!;
    });
  }

  /**
   * Lists the ids by which the namespace knows others: `ip netns list-id`.
   *
   * @returns The ids.
   * @throws {NetNSError} `ERR_NETNS_DUMP_INTERRUPTED` when they change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const other = NetNS.create();
   * const nsid = await ns.nsid.set(other, "auto");
   * assert.deepEqual(await ns.nsid.list(), [nsid]);
   * await ns.close();
   * await other.close();
   * ```
   *
   * @see ip-netns(8)
   */
  async list(): Promise<number[]> {
    return await this.#netlink.connection.dump({
      message: this.#netlink.message(RTM_GETNSID, NLM_F_REQUEST, writeNsidHeader),
      op: "nsid list",
      read: (reader, _type, start, end) => readNsid(reader, start, end),
    });
  }
}
