/**
 * Ties rtnetlink to a handle: where its sockets are opened, what `netns` options name.
 *
 * @module
 */

import { checkInteger, checkPath, wrongHandle } from "./check.ts";
import { openNamed } from "./named.ts";
import type { Namespace } from "./namespace.ts";
import { Netlink } from "./netlink/netlink.ts";
import { openListeningSocket, openNetlinkSocket } from "./netlink/socket.ts";
import { openPath, openPid } from "./open.ts";
import { makeTun } from "./tun.ts";

/** Gives the namespace of a handle; undefined for anything else. Throws when it is closed. */
export type NamespaceOf = (value: object) => Namespace | undefined;

/** The rtnetlink of a namespace. `open` throws when the handle is closed. */
export function handleNetlink(
  namespace: Namespace,
  open: () => Namespace,
  namespaceOf: NamespaceOf,
): Netlink {
  const hold = (reference: unknown, option: string) => {
    const [namespace, owned] = resolve(reference, option, namespaceOf);
    const fd = namespace.hold();
    if (owned) namespace.abandon();
    return { namespace, fd, release: () => namespace.release() };
  };
  return new Netlink({
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
    openListeningSocket: (settings) => openListeningSocket(open(), settings),
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
  });
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
  const namespace = typeof reference === "object" && reference !== null
    ? namespaceOf(reference)
    : undefined;
  if (namespace === undefined) {
    throw wrongHandle(option, "a handle, a name, a path or a process id", reference);
  }
  return [namespace, false];
}
