/**
 * A namespace for the time of one test.
 *
 * @module
 */

import { createAnonymous } from "../../src/create.ts";
import type { Namespace } from "../../src/namespace.ts";

/** Runs a function with a new namespace whose `lo` is up, and closes that afterwards. */
export async function inNamespace<T>(run: (namespace: Namespace) => T | Promise<T>): Promise<T> {
  const namespace = createAnonymous({ loopback: true });
  try {
    return await run(namespace);
  } finally {
    await namespace.close();
  }
}
