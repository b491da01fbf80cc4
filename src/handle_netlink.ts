/**
 * Ties rtnetlink to a handle: where its sockets are opened, what `netns` options name.
 *
 * @module
 */

import { checkInteger, checkPath, wrongHandle } from "./check.ts";
import { openNamed } from "./named.ts";
import { Namespace } from "./namespace.ts";
import { lateObjects, type NetlinkObjects } from "./netlink/late_objects.ts";
import { rtnetlink } from "./netlink/load.ts";
import { listLinkNames } from "./netlink/monitor/link_names.ts";
import { Monitors } from "./netlink/monitor/monitors.ts";
import type { Netlink, NetlinkOptions } from "./netlink/netlink.ts";
import { openListeningSocket, openNetlinkSocket } from "./netlink/socket.ts";
import { openPath, openPid } from "./open.ts";
import { makeTun } from "./tun.ts";

/** Gives the namespace of a handle; undefined for anything else. Throws when it is closed. */
export type NamespaceOf = (value: object) => Namespace | undefined;

/** The rtnetlink of a handle. */
export class HandleNetlink {
  /** What tells of changes; listens without any more of rtnetlink. */
  readonly monitors: Monitors;
  readonly #options: NetlinkOptions;
  readonly #namespaceOf: NamespaceOf;
  #late: NetlinkObjects | undefined;
  #netlink: Netlink | undefined;
  /** What calls wait for; their messages are written in the order of the calls. */
  #coming: Promise<Netlink> | undefined;

  /** `open` throws when the handle is closed. */
  constructor(namespace: Namespace, open: () => Namespace, namespaceOf: NamespaceOf) {
    this.#namespaceOf = namespaceOf;
    this.#options = netlinkOptions(namespace, open, namespaceOf);
    this.monitors = new Monitors(
      (settings) => openListeningSocket(open(), settings),
      () => listLinkNames(openNetlinkSocket(open())),
      () => namespace.closedError(),
    );
  }

  /** Its objects; until they are loaded, such as wait for that. */
  get objects(): NetlinkObjects {
    if (this.#netlink !== undefined) return this.#netlink;
    if (this.#coming === undefined && rtnetlink.loaded !== undefined) {
      return this.#netlink = new rtnetlink.loaded.Netlink(this.#options);
    }
    return this.#late ??= lateObjects(
      () => this.#netlink ?? this.#load(),
      (value) => this.#duplicate(value),
    );
  }

  /** The indexes of the links that were made in this namespace. */
  get madeLinks(): ReadonlySet<number> | undefined {
    return this.#netlink?.madeLinks;
  }

  /** Ends all; resolves when nothing is left. What waits until this is loaded is told so then. */
  async close(): Promise<void> {
    const close = () => this.#netlink?.close();
    await Promise.all([
      this.#coming === undefined ? close() : this.#coming.then(close, () => {}),
      this.monitors.close(),
    ]);
  }

  #load(): Promise<Netlink> {
    if (this.#coming !== undefined) return this.#coming;
    const coming = rtnetlink.load().then(({ Netlink }) => new Netlink(this.#options));
    // Before all that waits goes on: it is asked in the order in which it was called, and at once.
    const settle = (netlink?: Netlink) => {
      this.#netlink = netlink;
      this.#coming = undefined;
    };
    coming.then(settle, () => settle());
    return this.#coming = coming;
  }

  /** Keeps for a call that waits what an option names, although its handle may be closed. */
  #duplicate(value: object): Namespace | undefined {
    try {
      const namespace = this.#namespaceOf(value);
      return namespace && new Namespace(namespace.duplicate(), namespace);
    } catch {
      return undefined; // The call itself tells why.
    }
  }
}

/** What ties rtnetlink to a namespace. `open` throws when the handle is closed. */
export function netlinkOptions(
  namespace: Namespace,
  open: () => Namespace,
  namespaceOf: NamespaceOf,
): NetlinkOptions {
  const hold = (reference: unknown, option: string) => {
    const [namespace, owned] = resolve(reference, option, namespaceOf);
    const fd = namespace.hold();
    if (owned) namespace.abandon();
    return { namespace, fd, release: () => namespace.release() };
  };
  return {
    closedError: () => namespace.closedError(),
    openNamespace: hold,
    makeTun: (tun, reference, option = "netns") => {
      if (reference === undefined) return makeTun(open(), tun);
      const { namespace, release } = hold(reference, option);
      try {
        return makeTun(namespace, tun);
      } finally {
        release();
      }
    },
    openSocketToCleanUp: () => openNetlinkSocket(namespace),
    openSocket: (reference, option = "netns") => {
      if (reference === undefined) return openNetlinkSocket(open());
      const { namespace, release } = hold(reference, option);
      try {
        return openNetlinkSocket(namespace);
      } finally {
        release();
      }
    },
  };
}

/** The namespace that an option names, and whether it was opened for this. */
function resolve(
  reference: unknown,
  option: string,
  namespaceOf: NamespaceOf,
): readonly [Namespace, owned: boolean] {
  if (typeof reference === "number") {
    checkInteger(option, reference, 1);
    return [openPid(reference), true];
  }
  if (typeof reference === "string") {
    checkPath(option, reference);
    return [reference.includes("/") ? openPath(reference) : openNamed(reference), true];
  }
  if (reference instanceof Namespace) return [reference, false];
  const namespace = typeof reference === "object" && reference !== null
    ? namespaceOf(reference)
    : undefined;
  if (namespace === undefined) {
    throw wrongHandle(option, "a handle, a name, a path or a process id", reference);
  }
  return [namespace, false];
}
