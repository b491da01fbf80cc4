/**
 * The remote handles of a thread, which are made when one is asked for.
 *
 * @module
 */

import type { FromThread, HandleDescription, KnownHandle } from "../protocol.ts";
import { RemoteHandles, type RunHere } from "./remote_handles.ts";

/** Remembers handles until they are asked for. */
export class Remote {
  readonly #make: () => RemoteHandles;
  readonly #known: HandleDescription[] = [];
  #handles: RemoteHandles | undefined;

  /**
   * @param self The namespace of this thread.
   * @param post Posts to the main thread.
   * @param tid The id of this thread in the kernel.
   * @param runHere Runs a call to this thread's own namespace.
   */
  constructor(
    self: HandleDescription,
    post: (message: FromThread) => void,
    tid: () => number,
    runHere: RunHere,
  ) {
    this.#make = () => new RemoteHandles(self, post, tid, runHere);
  }

  /** The handles. */
  get handles(): RemoteHandles {
    if (this.#handles === undefined) {
      this.#handles = this.#make();
      for (const description of this.#known) this.#handles.introduce(description);
    }
    return this.#handles;
  }

  /** Takes note of a handle, which the main thread describes once; returns its number. */
  introduce(handle: KnownHandle): number {
    if (typeof handle === "number") return handle;
    if (this.#handles === undefined) this.#known.push(handle);
    else this.#handles.introduce(handle);
    return handle.handle;
  }
}
