/**
 * rtnetlink(7) of one network namespace: one connection, and the objects that talk through it.
 *
 * @module
 */

import { Addresses } from "./addr/addresses.ts";
import { MessageWriter, type OpenNamespace } from "./codec/message_writer.ts";
import { Connection } from "./connection.ts";
import { Links } from "./link/links.ts";
import type { NetlinkSocket } from "./socket.ts";

/** What ties rtnetlink to a handle. */
export interface NetlinkOptions {
  /** Opens a socket in the namespace of the handle, or in the one that an option names. */
  readonly openSocket: (reference?: unknown, option?: string) => NetlinkSocket;
  /** Opens the namespace that an option names. */
  readonly openNamespace: OpenNamespace;
  /** The error of what is asked after the handle was closed. */
  readonly closedError: () => Error;
}

/** The objects of rtnetlink, bound to one network namespace. */
export class Netlink {
  readonly connection: Connection;
  readonly link: Links;
  readonly addr: Addresses;
  readonly #options: NetlinkOptions;

  constructor(options: NetlinkOptions) {
    this.#options = options;
    this.connection = new Connection(() => options.openSocket(), options.closedError);
    this.link = new Links(this);
    this.addr = new Addresses(this);
  }

  /** Builds a message; lets go what it holds when that fails. */
  message(type: number, flags: number, build: (writer: MessageWriter) => void): MessageWriter {
    const writer = new MessageWriter(type, flags, this.#options.openNamespace);
    try {
      build(writer);
      return writer;
    } catch (error) {
      writer.release();
      throw error;
    }
  }

  /** Asks something of another namespace, through a connection that is closed after. */
  async elsewhere<T>(
    reference: unknown,
    option: string,
    ask: (netlink: Netlink) => Promise<T>,
  ): Promise<T> {
    const options = this.#options;
    const openSocket = () => options.openSocket(reference, option);
    const netlink = new Netlink({ ...options, openSocket });
    try {
      return await ask(netlink);
    } finally {
      netlink.close();
    }
  }

  /** Closes the sockets; what waits for an answer is rejected. */
  close(): void {
    this.connection.close();
  }
}
