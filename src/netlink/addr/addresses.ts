/**
 * `ip address`: adds, removes and lists the addresses of links.
 *
 * @module
 */

import { AF_INET, AF_INET6, AF_UNSPEC } from "../../../ffi/constants.ts";
import { checkChoice, checkOptions } from "../../check.ts";
import type { MessageReader } from "../codec/message_reader.ts";
import { writeLink } from "../codec/values.ts";
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import type { Address, AddressAdd } from "./address.ts";
import { addressAttributePath, readAddress, writeAddress } from "./address_message.ts";

/** Which addresses {@linkcode Addresses.list} tells. */
export interface AddressFilter {
  /** Those of this link, by name or index. */
  dev?: string | number | undefined;
  /** Those of this family. */
  family?: "inet" | "inet6" | undefined;
}

/** The addresses of the links of one network namespace. */
export class Addresses {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  async add(options: AddressAdd): Promise<void> {
    await this.#request("add", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  async replace(options: AddressAdd): Promise<void> {
    await this.#request("replace", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, options);
  }

  async del(options: Pick<AddressAdd, "dev" | "address"> & Partial<AddressAdd>): Promise<void> {
    await this.#request("del", RTM_DELADDR, 0, options);
  }

  async list(filter: AddressFilter = {}): Promise<Address[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  dump(filter: AddressFilter = {}): AsyncIterableIterator<Address> {
    return this.#netlink.connection.iterate(this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: AddressAdd): Promise<void> {
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | NLM_F_ACK | flags,
      (writer) => writeAddress(writer, options, type === RTM_DELADDR),
    );
    await this.#netlink.connection.request({
      message,
      op: `addr ${verb} ${options.address} dev ${options.dev}`,
      describe: addressAttributePath,
    });
  }

  #listing(filter: AddressFilter) {
    checkOptions("filter", filter, ["dev", "family"]);
    checkChoice("filter.family", filter.family, ["inet", "inet6"]);
    const { dev, family } = filter;
    const message = this.#netlink.message(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, (writer) => {
      writer.u8(family === undefined ? AF_UNSPEC : family === "inet" ? AF_INET : AF_INET6);
      writer.u8(0).u16(0);
      if (dev === undefined) writer.u32(0);
      else writeLink(writer, dev, "filter.dev");
    });
    return {
      message,
      op: "addr list",
      read: (reader: MessageReader, _type: number, start: number, end: number) =>
        readAddress(reader, start, end),
    };
  }
}
