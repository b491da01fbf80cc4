/**
 * A namespace with many routes, the same for all contenders.
 *
 * @module
 */

import path from "node:path";
import { peerSources } from "./directory.ts";
import { Sampler } from "./sampler.ts";

/** A namespace that a process of its own keeps. */
export class RoutesNamespace {
  readonly #keeper: Sampler;

  private constructor(keeper: Sampler) {
    this.#keeper = keeper;
  }

  /** Makes one with so many routes. */
  static async make(count: number): Promise<RoutesNamespace> {
    const script = path.join(peerSources, "routes.sh");
    const keeper = await Sampler.start(["unshare", "-n", "bash", script, String(count)]);
    if ("missing" in keeper) throw new Error(keeper.missing);
    return new RoutesNamespace(keeper);
  }

  /** Where it is opened. */
  get path(): string {
    return `/proc/${this.#keeper.pid}/ns/net`;
  }

  /** Lets it go. */
  async delete(): Promise<void> {
    await this.#keeper.stop();
  }
}
