/**
 * A part of the library that is loaded when it is first used.
 *
 * @module
 */

import { errnoOf } from "./errno_of.ts";
import { NetNSError } from "./errors.ts";

/** Imports a module once; after a failure again. */
export class LateModule<Module> {
  /** The module, once it is there. */
  loaded: Module | undefined;
  readonly #name: string;
  readonly #import: () => Promise<Module>;
  #loading: Promise<Module> | undefined;

  /**
   * Loads nothing yet.
   *
   * @param name What is loaded, for errors.
   * @param load Imports the module; with the text of its name in it, as bundlers look for that.
   */
  constructor(name: string, load: () => Promise<Module>) {
    this.#name = name;
    this.#import = load;
  }

  /** Loads the module, unless that is done or on its way. */
  load(): Promise<Module> {
    return this.#loading ??= this.#load();
  }

  async #load(): Promise<Module> {
    // The caller may be in a window, where a thread that the runtime makes to read files would be
    // born in another namespace. Windows are synchronous: a microtask never runs in one.
    await undefined;
    try {
      return this.loaded = await this.#import();
    } catch (cause) {
      this.#loading = undefined;
      throw this.#error(cause);
    }
  }

  #error(cause: unknown): NetNSError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const limit = errnoOf(cause)?.match(/^(EMFILE|ENFILE|ENOMEM)$/)?.[0];
    return new NetNSError(`Cannot load ${this.#name}: ${reason}`, {
      code: limit ?? "ERR_NETNS_UNSUPPORTED",
      hint: limit === undefined
        ? "it is read from the files of the library when it is first used: keep them readable, " +
          "or use it once before they are out of reach"
        : undefined, // That of the errno says more.
      cause,
    });
  }
}
