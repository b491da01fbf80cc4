/**
 * The ids by which one network namespace knows others: `ip netns set`, `RTM_NEWNSID`.
 *
 * @module
 */

import {
  AF_NETLINK,
  MSG_DONTWAIT,
  NETLINK_ROUTE,
  NETNSA_FD,
  NETNSA_NSID,
  NETNSA_NSID_NOT_ASSIGNED,
  NLM_F_ACK,
  NLM_F_REQUEST,
  NLMSG_ERROR,
  POLLIN,
  RTM_GETNSID,
  RTM_NEWNSID,
  SOCK_CLOEXEC,
  SOCK_RAW,
} from "../ffi/constants.ts";
import type { Libc } from "../ffi/libc.ts";
import { pollfd } from "../ffi/structs.ts";
import { checkInteger } from "./check.ts";
import { errnoName, NetNSError, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";

/** The id by which the calling thread's namespace knows `target`; undefined when it has none. */
export function getNsid(target: Namespace): number | undefined {
  const action = `Cannot look up the nsid of ${target.label}`;
  const attributes = [[NETNSA_FD, target.fd]] as const;
  const { result, reply } = request(RTM_GETNSID, attributes, action);
  if (reply === undefined) throw syscallError({ action, syscall: "RTM_GETNSID", result });
  const nsid = attribute(reply, NETNSA_NSID);
  return nsid === undefined || nsid === NETNSA_NSID_NOT_ASSIGNED ? undefined : nsid;
}

/** Gives `target` an id in the calling thread's namespace, once; returns it. */
export function setNsid(target: Namespace, nsid: number | "auto"): number {
  if (nsid !== "auto") checkInteger("nsid", nsid, 0);
  const action = `Cannot set the nsid of ${target.label}`;
  const wanted = nsid === "auto" ? NETNSA_NSID_NOT_ASSIGNED : nsid;
  const attributes = [[NETNSA_FD, target.fd], [NETNSA_NSID, wanted]] as const;
  const { result } = request(RTM_NEWNSID, attributes, action);
  if (result < 0) {
    throw syscallError({
      action,
      syscall: "RTM_NEWNSID",
      result,
      hint: hint(result, target, nsid),
    });
  }
  return nsid === "auto" ? getNsid(target)! : nsid;
}

function hint(result: number, target: Namespace, nsid: number | "auto"): string | undefined {
  const code = errnoName(result);
  if (code === "EPERM") return "CAP_NET_ADMIN is needed in the namespace that the caller is in";
  if (code !== "EEXIST") return undefined;
  const assigned = getNsid(target);
  return assigned === undefined
    ? `another namespace has the id ${nsid}: choose a free one, or "auto"`
    : `the namespace has the id ${assigned} already; an id is given once and stays`;
}

/** The result of a request (0 or `-errno`), and its reply where that is not a bare result. */
interface Answer {
  result: number;
  reply?: DataView;
}

/** `struct nlmsghdr` and `struct rtgenmsg` with its padding. */
const HEADER_LENGTH = 20;
/** `struct rtattr` and a 32-bit value. */
const ATTRIBUTE_LENGTH = 8;
const ANSWER_TIMEOUT = 1000;

let sequence = 0;

function request(
  type: number,
  attributes: readonly (readonly [type: number, value: number])[],
  action: string,
): Answer {
  const api = libc();
  const message = new Uint8Array(
    new ArrayBuffer(HEADER_LENGTH + attributes.length * ATTRIBUTE_LENGTH),
  );
  const view = new DataView(message.buffer);
  sequence = (sequence + 1) >>> 0;
  view.setUint32(0, message.byteLength, true);
  view.setUint16(4, type, true);
  view.setUint16(6, NLM_F_REQUEST | (type === RTM_NEWNSID ? NLM_F_ACK : 0), true);
  view.setUint32(8, sequence, true);
  attributes.forEach(([type, value], index) => {
    const start = HEADER_LENGTH + index * ATTRIBUTE_LENGTH;
    view.setUint16(start, ATTRIBUTE_LENGTH, true);
    view.setUint16(start + 2, type, true);
    view.setInt32(start + 4, value, true);
  });
  const socket = api.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const fd = unwrap(socket, { action, syscall: "socket" });
  try {
    const sent = api.send(fd, message, message.byteLength, 0);
    unwrap(sent, { action, syscall: "send" });
    return receive(api, fd, action);
  } finally {
    api.close(fd);
  }
}

/** Waits for the answer to the request of number {@linkcode sequence}. */
function receive(api: Libc, fd: number, action: string): Answer {
  const buffer = new Uint8Array(new ArrayBuffer(4096));
  const deadline = performance.now() + ANSWER_TIMEOUT;
  for (;;) {
    const length = api.recv(fd, buffer, buffer.byteLength, MSG_DONTWAIT);
    if (length >= HEADER_LENGTH) {
      const view = new DataView(buffer.buffer, 0, length);
      if (view.getUint32(8, true) !== sequence) continue;
      if (view.getUint16(4, true) !== NLMSG_ERROR) return { result: 0, reply: view };
      return { result: view.getInt32(16, true) };
    }
    if (length < 0 && !["EAGAIN", "EINTR"].includes(errnoName(length))) {
      throw syscallError({ action, syscall: "recv", result: length });
    }
    const left = Math.ceil(deadline - performance.now());
    if (left <= 0) {
      throw new NetNSError(`${action}: the kernel did not answer`, { code: "ETIMEDOUT" });
    }
    api.poll(pollfd(fd, POLLIN), 1, left);
  }
}

/** A 32-bit attribute of a reply. */
function attribute(reply: DataView, type: number): number | undefined {
  for (let start = HEADER_LENGTH; start + ATTRIBUTE_LENGTH <= reply.byteLength;) {
    if (reply.getUint16(start + 2, true) === type) return reply.getInt32(start + 4, true);
    start += Math.max(4, reply.getUint16(start, true) + 3 & ~3);
  }
  return undefined;
}
