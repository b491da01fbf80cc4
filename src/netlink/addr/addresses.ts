/**
 * `ip address`: adds, removes and lists the addresses of links.
 *
 * @module
 */

import { checkOptions } from "../../check.ts";
import { NLMSG_HDRLEN } from "../codec/message_writer.ts";
import { writeLink } from "../codec/values.ts";
import {
  NLM_F_CREATE,
  NLM_F_DUMP_FILTERED,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from "../constants/rtnetlink.ts";
import { checkFamily, type Family, familyNumber } from "../family.ts";
import { linkInRequest } from "../link_filter.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import type { Address, AddressAdd, AddressDel } from "./address.ts";
import { addressAttributePath, readAddress, writeAddress } from "./address_message.ts";

/** Which addresses {@linkcode Addresses.list} tells. */
export interface AddressFilter {
  /** Those of this link, by name or index. */
  dev?: string | number | undefined;
  /** Those of this family. */
  family?: Family | undefined;
}

/** Where `struct ifaddrmsg` has the index of the link. */
const IFA_INDEX = 4;

const withLength = "the link has no such address: give the length of its prefix, as it was added " +
  'with: "10.0.0.1/24"';

/** The addresses of the links of one network namespace. */
export class Addresses {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds an address to a link: `ip address add`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options The link, the address with the length of its prefix, and more.
   * @throws {NetNSError} `EEXIST` when the link has it; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.addr.add({ dev: "lo", address: "10.0.0.1/24", broadcast: true });
   * await ns.addr.add({ dev: "lo", address: "fd00::1/64", nodad: true, validLft: 3600 });
   * await ns.close();
   * ```
   *
   * @see rtnetlink(7), ip-address(8)
   */
  async add(options: AddressAdd): Promise<void> {
    await this.#request("add", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  /**
   * Adds an address, or changes the lifetimes, the flags and the metric of one that is there:
   * `ip address replace`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Addresses.add}.
   * @throws {NetNSError} `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.addr.replace({ dev: "lo", address: "10.0.0.1/24", validLft: 600 });
   * await ns.addr.replace({ dev: "lo", address: "10.0.0.1/24", validLft: 1200 });
   * await ns.close();
   * ```
   *
   * @see ip-address(8)
   */
  async replace(options: AddressAdd): Promise<void> {
    await this.#request("replace", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, options);
  }

  /**
   * Removes an address from a link: `ip address del`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options The link and the address as it was added, with the length of its prefix.
   * @throws {NetNSError} `EADDRNOTAVAIL` when the link does not have it; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.addr.del({ dev: "lo", address: "127.0.0.1/8" });
   * await ns.close();
   * ```
   *
   * @see ip-address(8)
   */
  async del(options: AddressDel): Promise<void> {
    await this.#request("del", RTM_DELADDR, 0, options);
  }

  /**
   * Lists addresses: `ip address show`.
   *
   * @param filter Those of one link, or of one family, only.
   * @returns The addresses; each can be given to the other methods as it is.
   * @throws {NetNSError} `ENODEV` when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when
   * addresses change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const [address] = await ns.addr.list({ dev: "lo", family: "inet" });
   * assert.equal(address?.address, "127.0.0.1/8");
   * await ns.close();
   * ```
   *
   * @see ip-address(8)
   */
  async list(filter: AddressFilter = {}): Promise<Address[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists addresses as {@linkcode Addresses.list} does, one after the other. For very many of them;
   * it does not start anew when they change meanwhile.
   *
   * @param filter Those of one link, or of one family, only.
   * @returns An iterator. It may be left before its end.
   * @throws {NetNSError} At its end: `ERR_NETNS_DUMP_INTERRUPTED` when addresses changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * for await (const { dev, address } of ns.addr.dump()) console.log(dev, address);
   * await ns.close();
   * ```
   */
  dump(filter: AddressFilter = {}): DisposableIterator<Address> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: AddressDel): Promise<void> {
    options = snapshot(options);
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | flags,
      (writer) => writeAddress(writer, options, type === RTM_DELADDR),
    );
    await this.#netlink.connection.request({
      message,
      op: `addr ${verb} ${options.address} dev ${options.dev}`,
      describe: addressAttributePath,
      hint: (code) => {
        const isWhole = type === RTM_DELADDR && !(options.peer ?? options.address).includes("/");
        return code === "EADDRNOTAVAIL" && isWhole ? withLength : undefined;
      },
    });
  }

  #listing(filter: AddressFilter): Query<Address> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["dev", "family"]);
    checkFamily("filter.family", filter.family);
    const { dev, family } = filter;
    const message = this.#netlink.message(RTM_GETADDR, NLM_F_REQUEST, (writer) => {
      writer.u8(familyNumber(family)).u8(0).u16(0);
      if (dev === undefined) writer.u32(0);
      else writeLink(writer, dev, "filter.dev");
    });
    return {
      message,
      op: "addr list",
      read: (reader, _type, start, end, flags) => {
        // Kernels without strict checking tell those of all links.
        if (dev !== undefined && (flags & NLM_F_DUMP_FILTERED) === 0) {
          const index = linkInRequest(message, NLMSG_HDRLEN + IFA_INDEX);
          if (end - start >= 8 && reader.u32(start + IFA_INDEX) !== index) return undefined;
        }
        return readAddress(reader, start, end);
      },
    };
  }
}
