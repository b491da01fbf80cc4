/**
 * Which names come and go in a directory, by what inotify(7) tells.
 *
 * @module
 */

import {
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_IGNORED,
  IN_MOVE_SELF,
  IN_MOVED_FROM,
  IN_MOVED_TO,
  IN_ONLYDIR,
  IN_Q_OVERFLOW,
  IN_UNMOUNT,
} from "../../ffi/constants.ts";
import { isReadable } from "../name.ts";
import { namesIn, stateOfName } from "../named.ts";
import { namedPath } from "../named_directory.ts";
import { Inotify, type InotifyEvent } from "./inotify.ts";

/** A name that has come or gone, as `NetNS.watch()` tells it. */
export interface NameEvent {
  /** `"add"`: the name can be used from now on. `"delete"`: it is gone. */
  type: "add" | "delete";
  /** The name. */
  name: string;
}

const ARRIVALS = IN_CREATE | IN_MOVED_TO;
const DEPARTURES = IN_DELETE | IN_MOVED_FROM;
const END_OF_DIRECTORY = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

/** How long to wait before an unusable name is looked at again, in ms: at first, and at most. */
const SOONEST = 1;
const LATEST = 1000;

/** Watches a directory, which may come and go itself. */
export class NameWatcher {
  readonly #directory: string;
  readonly #inotify: Inotify = new Inotify();
  /** The watch of the directory, or of the nearest one above it that exists. */
  #watch = -1;
  #exists = false;
  /** The names that are told, or were there before. */
  readonly #known = new Set<string>();
  /** The files that are no namespace yet. */
  readonly #unready = new Set<string>();
  #pause = SOONEST;
  readonly #events: NameEvent[] = [];

  /** Begins to watch. The names that are there already are not told. */
  constructor(directory: string) {
    this.#directory = directory.replace(/(?<=.)\/+$/, "");
    try {
      this.#attach();
      for (const name of this.#unready) this.#known.add(name);
      this.#lookAtUnready();
      this.#events.length = 0;
    } catch (error) {
      this.#inotify.close();
      throw error;
    }
  }

  /** The descriptor that can be read when something has changed. */
  get fd(): number {
    return this.#inotify.fd;
  }

  /** After how many ms to look again, though the kernel tells nothing: it does not tell of mounts. */
  get pause(): number | undefined {
    return this.#unready.size === 0 ? undefined : this.#pause;
  }

  /** The next event; undefined when there is none yet. */
  read(): NameEvent | undefined {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      const changes = this.#inotify.read();
      for (const change of changes) this.#take(change);
      if (changes.length > 0) continue;
      this.#lookAtUnready();
      return this.#events.shift();
    }
  }

  /** Watches no more. */
  close(): void {
    this.#inotify.close();
  }

  #take({ watch, mask, name }: InotifyEvent): void {
    if (mask & IN_Q_OVERFLOW) return this.#compare();
    if (watch !== this.#watch) return;
    if (!this.#exists) return this.#attach();
    if (mask & END_OF_DIRECTORY) {
      for (const known of this.#known) this.#depart(known);
      this.#unready.clear();
      return this.#attach();
    }
    if (!isReadable(name)) return;
    if (mask & DEPARTURES) this.#depart(name);
    else if (mask & ARRIVALS && !this.#known.has(name)) this.#arrive(name);
  }

  #arrive(name: string): void {
    this.#unready.add(name);
    this.#pause = SOONEST;
  }

  #depart(name: string): void {
    this.#unready.delete(name);
    if (this.#known.delete(name)) this.#events.push({ type: "delete", name });
  }

  #lookAtUnready(): void {
    for (const name of this.#unready) {
      const state = stateOfName(namedPath(this.#directory, name));
      if (state === "stale") continue;
      this.#unready.delete(name);
      if (state === "none") continue;
      this.#known.add(name);
      this.#events.push({ type: "add", name });
    }
    this.#pause = Math.min(2 * this.#pause, LATEST);
  }

  /** Watches the directory, or until that exists the nearest one above it. */
  #attach(): void {
    let path: string | undefined;
    for (;;) {
      const nearest = this.#watchNearest();
      this.#exists = nearest === this.#directory;
      // What appeared before there was a watch is not told: it is looked for again.
      if (this.#exists || nearest === path) break;
      path = nearest;
    }
    if (this.#exists) { for (const name of namesIn(this.#directory)) this.#arrive(name); }
  }

  #watchNearest(): string {
    for (let path = this.#directory;; path = parentOf(path)) {
      const watch = this.#inotify.add(path, ARRIVALS | DEPARTURES | END_OF_DIRECTORY | IN_ONLYDIR);
      if (watch < 0) continue;
      if (this.#watch >= 0 && this.#watch !== watch) this.#inotify.remove(this.#watch);
      this.#watch = watch;
      return path;
    }
  }

  /** What was lost is found by comparison. */
  #compare(): void {
    if (!this.#exists) return this.#attach();
    const names = new Set(namesIn(this.#directory));
    for (const name of this.#known) if (!names.has(name)) this.#depart(name);
    for (const name of names) if (!this.#known.has(name)) this.#arrive(name);
  }
}

function parentOf(path: string): string {
  const parent = path.replace(/\/*[^/]+$/, "");
  return parent === "" && path.startsWith("/") ? "/" : parent === "" ? "." : parent;
}
