/**
 * Kernel parameters of a network namespace: /proc/sys/net.
 *
 * @module
 */

import { O_CLOEXEC, O_WRONLY } from "../ffi/constants.ts";
import { checkPath, outOfRange, wrongType } from "./check.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { inside } from "./position.ts";
import { checkBelow, fileError, readInside } from "./proc_net.ts";

/** The kernel parameters of one network namespace, as sysctl(8) names them. */
export class Sysctl {
  readonly #namespace: () => Namespace;

  /** Made by the handle. */
  constructor(namespace: () => Namespace) {
    this.#namespace = namespace;
  }

  /**
   * Reads a parameter.
   *
   * @param name As `net.ipv4.ip_forward`; with slashes where a part has a dot in it:
   * `net/ipv4/conf/eth0.100/forwarding`.
   * @returns Its value, without the final newline.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, `EACCES`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * assert.match(await ns.sysctl.get("net.ipv4.ip_forward"), /^[01]$/);
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async get(name: string): Promise<string> {
    return readInside(this.#namespace(), pathOf(name), "Cannot read").replace(/\n$/, "");
  }

  /**
   * Writes a parameter. Requires `CAP_NET_ADMIN` in the namespace, and a writable /proc/sys.
   *
   * @param name As for {@linkcode get}.
   * @param value The new value; booleans are written as 1 and 0.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, `EINVAL`, `EACCES`, `EROFS` in most containers,
   * `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.sysctl.set("net.ipv4.ip_forward", true);
   * assert.equal(await ns.sysctl.get("net.ipv4.ip_forward"), "1");
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async set(name: string, value: string | number | boolean): Promise<void> {
    const path = pathOf(name);
    const bytes = new TextEncoder().encode(`${textOf(value)}\n`);
    const namespace = this.#namespace();
    const { open, write, close } = libc();
    const action = `Cannot write "${path}" in ${namespace.label}`;
    inside(namespace, () => {
      const fd = open(path, O_WRONLY | O_CLOEXEC, 0);
      if (fd < 0) throw fileError(fd, "open", path, action);
      const written = write(fd, bytes, bytes.byteLength);
      close(fd);
      if (written < 0) throw fileError(written, "write", path, action);
    });
  }
}

function pathOf(name: string): string {
  checkPath("name", name);
  const path = name.includes("/") ? name : name.replaceAll(".", "/");
  checkBelow("name", path);
  if (!path.startsWith("net/")) {
    throw outOfRange("name", 'a parameter of a network namespace, "net...."', name);
  }
  return `/proc/sys/${path}`;
}

function textOf(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "string" || Number.isFinite(value)) return String(value);
  throw wrongType("value", "a string, a finite number or a boolean", value);
}
