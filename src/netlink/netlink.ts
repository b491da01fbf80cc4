/**
 * rtnetlink(7) of one network namespace: one connection, and the objects that talk through it.
 *
 * @module
 */

import { Addresses } from "./addr/addresses.ts";
import { MessageWriter, type OpenNamespace } from "./codec/message_writer.ts";
import { Connection } from "./connection.ts";
import { type DisposableIterator, failedIterator } from "../disposable_iterator.ts";
import { Fdb } from "./fdb/fdb.ts";
import { Links } from "./link/links.ts";
import { Neighbours } from "./neigh/neighbours.ts";
import { Nsids } from "./nsid/nsids.ts";
import type { Query } from "./request.ts";
import { unopenedError } from "./request_error.ts";
import { Routes } from "./route/routes.ts";
import { Rules } from "./rule/rules.ts";
import type { NewTun } from "./link/new_tun.ts";
import { Filters } from "./tc/filters.ts";
import { Qdiscs } from "./tc/qdiscs.ts";
import { TrafficClasses } from "./tc/traffic_classes.ts";
import type { NetlinkSocket } from "./socket.ts";

/** What ties rtnetlink to a handle. */
export interface NetlinkOptions {
  /** Opens a socket in the namespace of the handle, or in the one that an option names. */
  readonly openSocket: (reference?: unknown, option?: string) => NetlinkSocket;
  /** Opens one in the namespace of the handle although that is being closed. */
  readonly openSocketToCleanUp: () => NetlinkSocket;
  /** Opens the namespace that an option names. */
  readonly openNamespace: OpenNamespace;
  /** Makes a tun or tap link there; returns its name. */
  readonly makeTun: (tun: NewTun, reference?: unknown, option?: string) => string;
  /** The error of what is asked after the handle was closed. */
  readonly closedError: () => Error;
}

/** What is on its way at a handle besides single requests. */
interface Works {
  /** Connections to other namespaces. */
  readonly elsewhere: Set<Netlink>;
  /** What takes several requests. */
  readonly turns: Set<Promise<unknown>>;
}

/** The objects of rtnetlink, bound to one network namespace. */
export class Netlink {
  readonly connection: Connection;
  /** The indexes of the links that were made in this namespace. */
  readonly madeLinks: Set<number> = new Set();
  readonly link: Links;
  readonly addr: Addresses;
  readonly route: Routes;
  readonly rule: Rules;
  readonly neigh: Neighbours;
  readonly fdb: Fdb;
  readonly nsid: Nsids;
  readonly qdisc: Qdiscs;
  readonly class: TrafficClasses;
  readonly filter: Filters;
  readonly #options: NetlinkOptions;
  readonly #works: Works;

  constructor(
    options: NetlinkOptions,
    connection?: Connection,
    works: Works = { elsewhere: new Set(), turns: new Set() },
  ) {
    this.#options = options;
    this.#works = works;
    this.connection = connection ??
      new Connection(() => options.openSocket(), options.closedError);
    this.link = new Links(this);
    this.addr = new Addresses(this);
    this.route = new Routes(this);
    this.rule = new Rules(this);
    this.neigh = new Neighbours(this);
    this.fdb = new Fdb(this);
    this.nsid = new Nsids(this);
    this.qdisc = new Qdiscs(this);
    this.class = new TrafficClasses(this);
    this.filter = new Filters(this);
  }

  /**
   * Builds a message; lets go what it holds when that fails. `op` is what is attempted, for when a
   * namespace that it names cannot be opened.
   */
  message(
    type: number,
    flags: number,
    build: (writer: MessageWriter) => void,
    op?: string,
  ): MessageWriter {
    const open: OpenNamespace = (reference, option) => {
      try {
        return this.#options.openNamespace(reference, option);
      } catch (error) {
        throw op === undefined ? error : unopenedError(op, option, error);
      }
    };
    const writer = new MessageWriter(type, flags, open);
    try {
      build(writer);
      return writer;
    } catch (error) {
      writer.release();
      throw error;
    }
  }

  /**
   * Gets all objects of a kind, one after the other. What `query` throws is told by the first step:
   * while rtnetlink is being loaded it cannot be told before.
   */
  iterate<T>(query: () => Query<T>): DisposableIterator<T> {
    try {
      return this.connection.iterate(query());
    } catch (error) {
      return failedIterator(error);
    }
  }

  /** Makes a tun or tap link; returns its name. */
  makeTun(tun: NewTun): string {
    return this.#options.makeTun(tun);
  }

  /**
   * Does something of several requests: after what was asked before, and before what is asked later.
   * They have to be made by what `run` is given.
   */
  inTurn<T>(run: (netlink: Netlink) => Promise<T>): Promise<T> {
    const { turns } = this.#works;
    const turn = this.connection.inTurn((connection) =>
      run(new Netlink(this.#options, connection, this.#works))
    );
    const ended = turn.catch(() => {}).finally(() => turns.delete(ended));
    turns.add(ended);
    return turn;
  }

  /** Asks something of another namespace, through a connection that is closed after. */
  async elsewhere<T>(
    reference: unknown,
    option: string,
    ask: (netlink: Netlink) => Promise<T>,
  ): Promise<T> {
    if (this.connection.closed) throw this.#options.closedError();
    const options = this.#options;
    const openSocket = () => options.openSocket(reference, option);
    const makeTun = (tun: NewTun) => options.makeTun(tun, reference, option);
    const { elsewhere } = this.#works;
    const netlink = new Netlink({
      ...{ ...options, openSocket, openSocketToCleanUp: openSocket, makeTun },
    });
    elsewhere.add(netlink);
    try {
      return await ask(netlink);
    } finally {
      elsewhere.delete(netlink);
      await netlink.close();
    }
  }

  /**
   * Takes away what was half made, also when this is closed meanwhile. That it fails is not told, as
   * what it is for has failed.
   */
  async cleanUp(ask: (netlink: Netlink) => Promise<unknown>): Promise<void> {
    const options = this.#options;
    const openSocket = (reference?: unknown, option?: string) =>
      reference === undefined
        ? options.openSocketToCleanUp()
        : options.openSocket(reference, option);
    const netlink = new Netlink({ ...options, openSocket });
    try {
      await ask(netlink);
    } catch {
      // It may be gone.
    } finally {
      await netlink.close();
    }
  }

  /** Closes the sockets; what waits for an answer is rejected. Resolves when nothing is left. */
  async close(): Promise<void> {
    this.connection.close();
    const { elsewhere, turns } = this.#works;
    await Promise.all([...elsewhere].map((netlink) => netlink.close()));
    await Promise.all(turns);
  }
}
