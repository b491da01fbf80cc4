/**
 * `bridge vlan`: which VLANs the ports of bridges are in.
 *
 * @module
 */

import { checkBoolean, checkInteger, checkOptions, outOfRange } from "../../check.ts";
import type { Members } from "../codec/attribute_table.ts";
import { writeAttribute } from "../codec/attributes.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import type { MessageWriter } from "../codec/message_writer.ts";
import { u32, writeLink } from "../codec/values.ts";
import { BRIDGE_FLAGS, BRIDGE_VLAN_INFO, IFLA_BRIDGE } from "../constants/if_bridge.ts";
import { IFLA, RTEXT_FILTER } from "../constants/if_link.ts";
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_DELLINK, RTM_GETLINK, RTM_SETLINK } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import { snapshot } from "../snapshot.ts";
import type { BridgeVlan } from "./bridge_vlan.ts";
import { readBridgeVlans } from "./bridge_vlan_message.ts";
import { writeLinkHeader } from "./link_body.ts";
import { withoutVlans } from "./link_hint.ts";
import { linkAttributePath } from "./link_message.ts";

/** Which VLANs {@linkcode BridgeVlans.list} tells. */
export interface BridgeVlanFilter {
  /** Those of this link, by name or index. */
  dev?: string | number | undefined;
}

const AF_BRIDGE = 7;

/**
 * The VLANs of bridges and their ports, in one network namespace: `ns.link.bridgeVlan`. They are
 * heeded by bridges with `vlanFiltering`, which the kernel must be built with.
 *
 * @example
 * ```ts
 * import { NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create();
 * await ns.link.add({ kind: "bridge", name: "br0" });
 * await ns.link.add({ kind: "ifb", name: "port0", master: "br0" });
 * try {
 *   await ns.link.set("br0", { kind: "bridge", vlanFiltering: true });
 *   await ns.link.bridgeVlan.add({ dev: "port0", vid: 10, pvid: true, untagged: true });
 *   const vlans = await ns.link.bridgeVlan.list({ dev: "port0" });
 *   assert.ok(vlans.some(({ vid, pvid }) => vid === 10 && pvid));
 * } catch (error) {
 *   // A kernel that was built without VLANs of bridges.
 *   assert.equal((error as { code?: string }).code, "EOPNOTSUPP");
 * }
 * await ns.close();
 * ```
 */
export class BridgeVlans {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Puts a port, or with `self` a bridge, into VLANs, as `bridge vlan add` does. Needs
   * `CAP_NET_ADMIN` in the namespace. One that is in it already gets the new flags.
   *
   * @param vlan The link, and one VLAN or a range.
   * @throws {TypeError | RangeError} An option that does not fit.
   * @throws {NetNSError} `EOPNOTSUPP` when the kernel was built without VLANs of bridges, or the
   * link is no port of a bridge; `ENODEV`, `EPERM`, `ERR_NETNS_CLOSED`.
   */
  async add(vlan: BridgeVlan): Promise<void> {
    await this.#request("add", RTM_SETLINK, vlan);
  }

  /**
   * Takes a port, or with `self` a bridge, out of VLANs, as `bridge vlan del` does. Needs
   * `CAP_NET_ADMIN` in the namespace. One that it is not in is no error.
   *
   * @param vlan The link, and one VLAN or a range.
   * @throws {TypeError | RangeError} An option that does not fit.
   * @throws {NetNSError} As {@linkcode add}.
   */
  async del(vlan: BridgeVlan): Promise<void> {
    await this.#request("del", RTM_DELLINK, vlan);
  }

  /**
   * Lists VLANs, as `bridge vlan show` does: ranges where the kernel has them together. Those of a
   * bridge itself have `self`.
   *
   * @param filter Of which link; of all by default.
   * @returns What {@linkcode add} and {@linkcode del} take.
   * @throws {NetNSError} `ENODEV` when the link is not there; `ERR_NETNS_DUMP_INTERRUPTED`,
   * `ERR_NETNS_CLOSED`.
   */
  async list(filter: BridgeVlanFilter = {}): Promise<BridgeVlan[]> {
    checkOptions("filter", filter, ["dev"]);
    const { dev } = filter;
    // Dumps of this family cannot be filtered by link.
    if (dev === undefined) return await list(this.#netlink);
    return await this.#netlink.inTurn(async (netlink) =>
      await list(netlink, (await netlink.link.get(dev)).index)
    );
  }

  async #request(verb: string, type: number, vlan: BridgeVlan): Promise<void> {
    vlan = snapshot(vlan);
    const message = this.#netlink.message(type, NLM_F_REQUEST | NLM_F_ACK, (writer) => {
      writeBridgeVlan(writer, vlan);
    });
    await this.#netlink.connection.request({
      message,
      op: `link bridgeVlan ${verb} ${vlan.vid} dev ${vlan.dev}`,
      describe: linkAttributePath,
      hint: (code) =>
        code === "EOPNOTSUPP" ? `the link is no port of a bridge; or ${withoutVlans}` : undefined,
    });
  }
}

/** Appends the header and what follows it. */
async function list(netlink: Netlink, wanted?: number): Promise<BridgeVlan[]> {
  const message = netlink.message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
    writeLinkHeader(writer, { family: AF_BRIDGE });
    const mask = RTEXT_FILTER.RTEXT_FILTER_BRVLAN_COMPRESSED;
    writeAttribute(writer, IFLA.IFLA_EXT_MASK, u32, mask, "filter");
  });
  const lists = await netlink.connection.dump({
    message,
    op: "link bridgeVlan list",
    describe: linkAttributePath,
    read: (reader: MessageReader, _type: number, start: number, end: number) =>
      readBridgeVlans(reader, start, end, wanted),
  });
  return lists.flat();
}

function writeBridgeVlan(writer: MessageWriter, vlan: BridgeVlan): void {
  if (typeof vlan !== "object" || vlan === null) checkOptions("vlan", vlan ?? null, []);
  checkOptions("vlan", vlan, ["dev", "vid", "vidEnd", "pvid", "untagged", "self"]);
  for (const name of ["pvid", "untagged", "self"] as const) {
    checkBoolean(`vlan.${name}`, (vlan as unknown as Members)[name]);
  }
  const vid = checkInteger("vlan.vid", vlan.vid, 1, 4094);
  const vidEnd = vlan.vidEnd === undefined
    ? vid
    : checkInteger("vlan.vidEnd", vlan.vidEnd, vid, 4094);
  if (vlan.pvid === true && vidEnd > vid) {
    throw outOfRange("vlan.pvid", "false for a range", vlan.pvid);
  }
  writer.u8(AF_BRIDGE).u8(0).u16(0);
  writeLink(writer, vlan.dev, "vlan.dev");
  writer.u32(0).u32(0);
  const start = writer.begin(IFLA.IFLA_AF_SPEC);
  if (vlan.self === true) {
    const flags = writer.begin(IFLA_BRIDGE.IFLA_BRIDGE_FLAGS);
    writer.u16(BRIDGE_FLAGS.SELF).end(flags);
  }
  const flags = (vlan.pvid === true ? BRIDGE_VLAN_INFO.PVID : 0) |
    (vlan.untagged === true ? BRIDGE_VLAN_INFO.UNTAGGED : 0);
  if (vidEnd === vid) writeInfo(writer, flags, vid);
  else {
    writeInfo(writer, flags | BRIDGE_VLAN_INFO.RANGE_BEGIN, vid);
    writeInfo(writer, flags | BRIDGE_VLAN_INFO.RANGE_END, vidEnd);
  }
  writer.end(start);
}

/** `struct bridge_vlan_info`. */
function writeInfo(writer: MessageWriter, flags: number, vid: number): void {
  const start = writer.begin(IFLA_BRIDGE.IFLA_BRIDGE_VLAN_INFO);
  writer.u16(flags).u16(vid).end(start);
}
