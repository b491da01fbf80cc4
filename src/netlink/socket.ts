/**
 * A netlink socket. It stays in the network namespace that its thread was in as it was made.
 *
 * @module
 */

import {
  AF_NETLINK,
  MSG_DONTWAIT,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_RAW,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { IFR_IFINDEX, sockaddrNl } from "../../ffi/structs.ts";
import { errnoName, NetNSError, syscallError, unwrap } from "../errors.ts";
import { libc } from "../libc.ts";
import type { Namespace } from "../namespace.ts";
import { closeOwned, closeWith } from "../owned_descriptor.ts";
import { createSocket, setOption } from "../sockets/socket.ts";
import {
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  SOL_NETLINK,
} from "./constants/netlink.ts";
import { SIOCGIFNAME } from "./constants/sockios.ts";

/** What {@linkcode NetlinkSocket.receive} returns when nothing is there. */
export const NOTHING = 0;

/** What {@linkcode NetlinkSocket.receive} returns when the kernel had to drop messages. */
export const OVERRUN = -1;

/** What netlink is spoken over: a socket of the kernel, or in tests a function. */
export interface NetlinkSocket {
  /** The address of the socket, which is in what the kernel sends to it. */
  readonly port: number;
  /** Whether the kernel heeds every filter of a request, and refuses what it does not know. */
  readonly strict: boolean;
  /** Where received messages are. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** Sends the first `length` bytes as one datagram. The kernel has answered when it returns. */
  send(bytes: Uint8Array<ArrayBuffer>, length: number): void;
  /**
   * Puts the next datagram into {@linkcode buffer}; returns its length, {@linkcode NOTHING} or
   * {@linkcode OVERRUN}.
   */
  receive(): number;
  /** The name of a link by its index. */
  linkName(index: number): string | undefined;
  /** Closes the socket; once is enough. */
  close(): void;
}

/** What a socket listens to besides the answers to its requests. */
export interface ListenSettings {
  /** The multicast groups: `1 << (RTNLGRP_X - 1)`, or-ed. */
  groups: number;
  /** The size of the receive buffer in bytes, where the kernel's default is not wanted. */
  rcvbuf?: number | undefined;
}

/** A socket that listens to multicast groups. */
export interface ListeningSocket extends NetlinkSocket {
  /** Its descriptor, or -1 once it is closed. */
  readonly fd: number;
}

/**
 * Opens a socket of a namespace. It is closed, too, when it is garbage, or when its Worker ends; not
 * when that is terminated from outside, as nothing of it runs any more then.
 */
export function openNetlinkSocket(namespace: Namespace): NetlinkSocket {
  return new KernelSocket(createSocket(namespace, AF_NETLINK, SOCK_RAW), namespace.label);
}

/** Opens a socket that listens to multicast groups. It is closed likewise. */
export function openListeningSocket(
  namespace: Namespace,
  settings: ListenSettings,
): ListeningSocket {
  const fd = createSocket(namespace, AF_NETLINK, SOCK_RAW);
  return new KernelSocket(fd, namespace.label, settings);
}

const MSG_TRUNC = 0x20;

/**
 * More than any datagram of the kernel has. Dumps come in parts of 32 KiB; a message with more is of
 * one link, of whose attributes a few may have up to 64 KiB each.
 */
const RECEIVE_SIZE = 512 * 1024;

/**
 * One for all sockets of the thread: what is received is read before anything else happens. What
 * was never written to takes no memory.
 */
let received: Uint8Array<ArrayBuffer> | undefined;

const request = new Uint8Array(new ArrayBuffer(40));
const requestView = new DataView(request.buffer);
const decoder = new TextDecoder();

class KernelSocket implements ListeningSocket {
  readonly port: number;
  readonly strict: boolean;
  readonly #label: string;
  #fd: number;

  /** Takes `fd` over. */
  constructor(fd: number, label: string, { groups, rcvbuf }: ListenSettings = { groups: 0 }) {
    this.#fd = fd;
    this.#label = label;
    closeWith(this, fd);
    try {
      // Kernels before 4.20 know no strict checking; those before 4.12 not the other two.
      setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      this.strict = setOption(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1) === 0;
      if (rcvbuf !== undefined) this.#setReceiveBuffer(rcvbuf);
      this.port = this.#bind(groups);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get fd(): number {
    return this.#fd;
  }

  get buffer(): Uint8Array<ArrayBuffer> {
    return received ??= new Uint8Array(RECEIVE_SIZE);
  }

  send(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    for (;;) {
      const sent = libc().send(this.#fd, bytes, length, 0);
      if (sent >= 0) return;
      if (errnoName(sent) !== "EINTR") throw this.#error("send", sent);
    }
  }

  receive(): number {
    const length = this.#receive();
    if (length <= RECEIVE_SIZE) return length;
    throw new NetNSError(`Cannot read netlink of ${this.#label}: a message has ${length} bytes`, {
      code: "EMSGSIZE",
      syscall: "recv",
    });
  }

  linkName(index: number): string | undefined {
    request.fill(0);
    requestView.setUint32(IFR_IFINDEX, index, true);
    const result = libc().ioctl(this.#fd, SIOCGIFNAME, request);
    if (result >= 0) return decoder.decode(request.subarray(0, request.indexOf(0)));
    if (errnoName(result) === "ENODEV") return undefined;
    throw this.#error("ioctl", result);
  }

  close(): void {
    if (this.#fd < 0) return;
    closeOwned(this, this.#fd);
    this.#fd = -1;
  }

  #receive(): number {
    for (;;) {
      const result = libc().recv(this.#fd, this.buffer, RECEIVE_SIZE, MSG_DONTWAIT | MSG_TRUNC);
      if (result >= 0) return result;
      switch (errnoName(result)) {
        case "EINTR":
          continue;
        case "EAGAIN":
        case "EWOULDBLOCK":
          return NOTHING;
        case "ENOBUFS":
          return OVERRUN;
        default:
          throw this.#error("recv", result);
      }
    }
  }

  /** With CAP_NET_ADMIN beyond net.core.rmem_max. */
  #setReceiveBuffer(size: number): void {
    if (setOption(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, size) === 0) return;
    const result = setOption(this.#fd, SOL_SOCKET, SO_RCVBUF, size);
    if (result < 0) throw this.#error("setsockopt", result);
  }

  #bind(groups: number): number {
    const { bytes, view } = sockaddrNl();
    view.setUint32(8, groups, true);
    const action = `Cannot speak netlink in ${this.#label}`;
    const { bind, getsockname } = libc();
    unwrap(bind(this.#fd, bytes, bytes.byteLength), { action, syscall: "bind" });
    const length = new Uint8Array(new ArrayBuffer(4));
    length[0] = bytes.byteLength;
    unwrap(getsockname(this.#fd, bytes, length), { action, syscall: "getsockname" });
    return view.getUint32(4, true);
  }

  #error(syscall: string, result: number): NetNSError {
    return syscallError({ action: `Cannot speak netlink in ${this.#label}`, syscall, result });
  }
}
