/**
 * Where the programs of the benchmarks are, and where they are built.
 *
 * @module
 */

import path from "node:path";
import { root } from "../runner/runtimes.ts";

/** The sources of the benchmarks. */
export const sources: string = path.join(root, "tests/bench");

/** The sources of the peers. */
export const peerSources: string = path.join(sources, "peers");

/** Where everything is built; git does not see it. */
export const built: string = path.join(sources, ".built");
