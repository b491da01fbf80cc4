/**
 * An open network namespace: one file descriptor and who uses it. The public class is `NetNS`;
 * this is what it is made of.
 *
 * @module
 */

import { CLONE_NEWNET, F_DUPFD_CLOEXEC, NS_GET_NSTYPE } from "../ffi/constants.ts";
import { statxFd } from "../ffi/system_calls.ts";
import { errnoName, NetNSError, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { closeOwned, closeWith } from "./owned_descriptor.ts";

/** How a namespace is named to people. */
export interface NamespaceLabel {
  /** The name under which it was created or opened. */
  name?: string | undefined;
  /** The file through which it was opened. */
  path?: string | undefined;
}

/** An open network namespace; owns its descriptor. */
export class Namespace {
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly dev: number;
  readonly inode: number;
  #fd: number;
  #closing = false;
  #abandoned = false;
  #uses = 0;
  #closed: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;
  #kept: { release(): void } | undefined;

  /** Takes `fd` over, which is known to be of a network namespace. */
  constructor(fd: number, label: NamespaceLabel = {}) {
    const status = statxFd(libc(), fd);
    if (typeof status === "number") {
      libc().close(fd);
      throw syscallError({
        action: "Cannot identify network namespace",
        syscall: "statx",
        result: status,
      });
    }
    this.name = label.name;
    this.path = label.path;
    this.dev = status.dev;
    this.inode = status.inode;
    this.#fd = fd;
    closeWith(this, fd);
  }

  /** The open descriptor. Throws when the handle is closed. */
  get fd(): number {
    if (this.#closing) throw this.closedError();
    return this.#fd;
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#closing;
  }

  /** How messages name it: its path or its inode. */
  get label(): string {
    return `network namespace ${this.path ? `"${this.path}"` : `net:[${this.inode}]`}`;
  }

  /** The error of every use after {@linkcode close}. */
  closedError(): NetNSError {
    return new NetNSError(`Cannot use ${this.label}: the handle is closed`, {
      code: "ERR_NETNS_CLOSED",
      path: this.path,
    });
  }

  /** Keeps the descriptor open until the matching {@linkcode release}; returns it. */
  hold(): number {
    const fd = this.fd;
    this.#uses++;
    return fd;
  }

  /** Ends a {@linkcode hold}. */
  release(): void {
    if (--this.#uses === 0 && (this.#closing || this.#abandoned)) this.#closeFd();
  }

  /** Keeps something that is released with the descriptor. */
  keepUntilClosed(kept: { release(): void }): void {
    this.#kept = kept;
  }

  /** Closes the descriptor once nobody holds it; those who do may use it until then. */
  abandon(): void {
    this.#abandoned = true;
    if (this.#uses === 0) this.#closeFd();
  }

  /** A new descriptor of the same namespace, for the caller to close. */
  duplicate(): number {
    return unwrap(libc().fcntl(this.fd, F_DUPFD_CLOEXEC, 3), {
      action: `Cannot duplicate the descriptor of ${this.label}`,
      syscall: "fcntl",
    });
  }

  /** Refuses further use, and closes the descriptor once nobody holds it. Resolves then. */
  close(): Promise<void> {
    this.#closing = true;
    this.#closed ??= new Promise((resolve) => this.#onClosed = resolve);
    if (this.#uses === 0) this.#closeFd();
    return this.#closed;
  }

  #closeFd(): void {
    if (this.#fd >= 0) {
      closeOwned(this, this.#fd);
      this.#fd = -1;
      this.#kept?.release();
    }
    this.#onClosed?.();
  }
}

/** Makes sure that `fd` is of a network namespace; closes it and throws when it is not. */
export function requireNetworkNamespace(fd: number, action: string, path?: string): number {
  const kind = libc().ioctl(fd, NS_GET_NSTYPE, null);
  if (kind === CLONE_NEWNET) return fd;
  libc().close(fd);
  if (kind >= 0) {
    throw new NetNSError(`${action}: it is a namespace of another kind`, {
      code: "ERR_NETNS_WRONG_KIND",
      path,
    });
  }
  // Devices answer to a request that they do not know with ENOTTY, EINVAL, ENOSYS and more.
  if (errnoName(kind) === "EBADF") throw syscallError({ action, syscall: "ioctl", result: kind });
  throw new NetNSError(`${action}: it exists but is not a namespace`, {
    code: "ERR_NETNS_NOT_A_NAMESPACE",
    path,
    hint: "if it is a file of /run/netns, its mount is not seen here: in a container mount " +
      "/run/netns with rslave propagation; else it is stale and NetNS.delete() removes it",
  });
}
