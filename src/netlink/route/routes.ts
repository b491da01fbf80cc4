/**
 * `ip route`: adds, changes, removes, lists and looks up routes.
 *
 * @module
 */

import {
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../constants/netlink.ts";
import { RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from "../constants/rtnetlink.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query, ReadReply } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import type { Route, RouteAdd, RouteDel } from "./route.ts";
import { type RouteFilter, writeRouteFilter } from "./route_filter.ts";
import { lookupAttributePath, type RouteLookup, writeRouteLookup } from "./route_lookup.ts";
import { readRoute, routeAttributePath, writeRoute } from "./route_message.ts";

/** The routes of one network namespace. */
export class Routes {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds a route: `ip route add`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options Where to, over which gateway or link, and more.
   * @throws {NetNSError} `EEXIST` when there is one to this prefix of this metric; `ENETUNREACH` when
   * the gateway is not on a link; `ENODEV` when there is no such link.
   * @throws {TypeError | RangeError} An option that is not valid; a prefix with bits beyond its
   * length.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.addr.add({ dev: "eth0", address: "10.0.0.1/24" });
   * await ns.route.add({ dst: "default", via: "10.0.0.254" });
   * await ns.route.add({ dst: "10.9.0.0/16", via: "10.0.0.253", metric: 10, mtu: 1400 });
   * await ns.route.add({ dst: "192.168.0.0/16", type: "blackhole", table: 1000 });
   * await ns.close();
   * ```
   *
   * @see rtnetlink(7), ip-route(8)
   */
  async add(options: RouteAdd): Promise<void> {
    await this.#request("add", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  /**
   * Adds a route in the place of the one to the same prefix of the same metric, if there is one:
   * `ip route replace`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Routes.add}.
   * @throws {NetNSError} `ENETUNREACH` when the gateway is not on a link; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.route.replace({ dst: "10.9.0.0/16", dev: "lo" });
   * await ns.route.replace({ dst: "10.9.0.0/16", type: "unreachable" });
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async replace(options: RouteAdd): Promise<void> {
    await this.#request("replace", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, options);
  }

  /**
   * Adds a route behind those to the same prefix of the same metric; of IPv6, a next hop to the one
   * that is there: `ip route append`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Routes.add}.
   * @throws {NetNSError} `EEXIST` when there is the very same; `ENETUNREACH`; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.route.add({ dst: "10.9.0.0/16", dev: "lo" });
   * await ns.route.append({ dst: "10.9.0.0/16", type: "unreachable" });
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async append(options: RouteAdd): Promise<void> {
    await this.#request("append", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, options);
  }

  /**
   * Changes the route to a prefix: `ip route change`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options As of {@linkcode Routes.add}; all of the route, not only what changes.
   * @throws {NetNSError} `ENOENT` when there is none to this prefix; `ENETUNREACH`; `ENODEV`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.route.add({ dst: "10.9.0.0/16", dev: "lo" });
   * await ns.route.change({ dst: "10.9.0.0/16", dev: "lo", mtu: 1400 });
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async change(options: RouteAdd): Promise<void> {
    await this.#request("change", RTM_NEWROUTE, NLM_F_REPLACE, options);
  }

  /**
   * Removes a route: `ip route del`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options The prefix, and as much more as tells the route from others to it.
   * @throws {NetNSError} `ESRCH` when there is no such route.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.route.add({ dst: "10.9.0.0/16", dev: "lo" });
   * await ns.route.del({ dst: "10.9.0.0/16" });
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async del(options: RouteDel): Promise<void> {
    await this.#request("del", RTM_DELROUTE, 0, options);
  }

  /**
   * Tells how packets to an address would go: `ip route get`.
   *
   * @param dst The address.
   * @param options What else is known of the packets.
   * @returns The route for this address, with the link, the gateway, the source.
   * @throws {NetNSError} `ENETUNREACH` when there is no route; the error that its type stands for
   * when packets are not let through: `EHOSTUNREACH`, `EACCES`, `EINVAL`.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const { type, dev, src } = await ns.route.get("127.0.0.1");
   * assert.deepEqual({ type, dev, src }, { type: "local", dev: "lo", src: "127.0.0.1" });
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async get(dst: string, options: RouteLookup = {}): Promise<Route> {
    options = snapshot(options);
    const message = this.#netlink.message(
      RTM_GETROUTE,
      NLM_F_REQUEST,
      (writer) => writeRouteLookup(writer, dst, options),
    );
    const [route] = await this.#netlink.connection.query({
      message,
      op: `route get ${dst}`,
      describe: lookupAttributePath,
      read: (reader, _type, start, end) => readRoute(reader, start, end),
    });
    return route!;
  }

  /**
   * Lists routes: `ip route show`.
   *
   * @param filter Those of one table, family, link, prefix, originator, type or scope only.
   * @returns The routes, of the table main unless the filter says otherwise; each can be given to
   * the other methods as it is.
   * @throws {NetNSError} `ENODEV` when there is no such link; `ERR_NETNS_DUMP_INTERRUPTED` when
   * routes change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.route.add({ dst: "10.9.0.0/16", dev: "lo", table: 1000 });
   * assert.equal((await ns.route.list()).length, 0);
   * assert.equal((await ns.route.list({ table: 1000 })).length, 1);
   * await ns.close();
   * ```
   *
   * @see ip-route(8)
   */
  async list(filter: RouteFilter = {}): Promise<Route[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists routes as {@linkcode Routes.list} does, one after the other. For very many of them; it does
   * not start anew when they change meanwhile.
   *
   * @param filter Those of one table, family, link, prefix, originator, type or scope only.
   * @returns An iterator. It may be left before its end.
   * @throws {NetNSError} At its end: `ERR_NETNS_DUMP_INTERRUPTED` when routes changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * for await (const { dst, dev } of ns.route.dump({ table: "local" })) console.log(dst, dev);
   * await ns.close();
   * ```
   */
  dump(filter: RouteFilter = {}): DisposableIterator<Route> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: RouteAdd): Promise<void> {
    options = snapshot(options);
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | flags,
      (writer) => writeRoute(writer, options, type === RTM_DELROUTE),
    );
    await this.#netlink.connection.request({
      message,
      op: `route ${verb} ${options.dst}`,
      describe: routeAttributePath,
    });
  }

  #listing(filter: RouteFilter): Query<Route> {
    let read: ReadReply<Route> | undefined;
    const message = this.#netlink.message(RTM_GETROUTE, NLM_F_REQUEST, (writer) => {
      read = writeRouteFilter(writer, snapshot(filter));
    });
    return { message, op: "route list", read: read! };
  }
}
