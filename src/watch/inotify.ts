/**
 * inotify(7): the kernel's queue of what changes in directories.
 *
 * @module
 */

import { IN_CLOEXEC, IN_NONBLOCK } from "../../ffi/constants.ts";
import { errnoName, syscallError, unwrap } from "../errors.ts";
import { libc } from "../libc.ts";
import { decodeName } from "../name.ts";
import { closeOwned, closeWith } from "../owned_descriptor.ts";

/** A change, as `struct inotify_event` tells it. */
export interface InotifyEvent {
  /** The watch that it is about; -1 where the queue was too short. */
  readonly watch: number;
  readonly mask: number;
  /** The entry of the directory; empty where it is about the directory itself. */
  readonly name: string;
}

/** The size of the fixed part of `struct inotify_event`. */
const HEADER = 16;

const action = "Cannot watch for names of network namespaces";

/** A queue of changes. */
export class Inotify {
  #fd: number;
  readonly #buffer = new Uint8Array(new ArrayBuffer(16384));
  readonly #view = new DataView(this.#buffer.buffer);

  constructor() {
    const fd = libc().inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    this.#fd = unwrap(fd, {
      action,
      syscall: "inotify_init1",
      hint: hintFor(fd, "EMFILE", "end other watchers, or raise fs.inotify.max_user_instances"),
    });
    closeWith(this, this.#fd);
  }

  /** The open descriptor; it can be read when something has changed. */
  get fd(): number {
    return this.#fd;
  }

  /** Watches a directory; the watch, or a negative number where there is none. */
  add(path: string, mask: number): number {
    const result = libc().inotify_add_watch(this.#fd, path, mask);
    if (result >= 0 || errnoName(result) === "ENOENT") return result;
    const hint = hintFor(result, "ENOSPC", "raise fs.inotify.max_user_watches");
    throw syscallError({ action, syscall: "inotify_add_watch", result, path, hint });
  }

  /** Ends a watch, which may have ended by itself. */
  remove(watch: number): void {
    libc().inotify_rm_watch(this.#fd, watch);
  }

  /** What has changed since the last call. */
  read(): InotifyEvent[] {
    const length = libc().read(this.#fd, this.#buffer, this.#buffer.byteLength);
    if (length < 0) {
      if (["EAGAIN", "EINTR"].includes(errnoName(length))) return [];
      throw syscallError({ action, syscall: "read", result: length });
    }
    const events: InotifyEvent[] = [];
    for (let at = 0; at < length;) {
      const nameLength = this.#view.getUint32(at + 12, true);
      const bytes = this.#buffer.subarray(at + HEADER, at + HEADER + nameLength);
      const end = bytes.indexOf(0);
      events.push({
        watch: this.#view.getInt32(at, true),
        mask: this.#view.getUint32(at + 4, true),
        name: decodeName(end < 0 ? bytes : bytes.subarray(0, end)),
      });
      at += HEADER + nameLength;
    }
    return events;
  }

  /** Ends all watches. */
  close(): void {
    if (this.#fd < 0) return;
    closeOwned(this, this.#fd);
    this.#fd = -1;
  }
}

function hintFor(result: number, code: string, hint: string): string | undefined {
  return result < 0 && errnoName(result) === code ? hint : undefined;
}
