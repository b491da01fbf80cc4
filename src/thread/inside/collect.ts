/**
 * Waits for the outcome of a function.
 *
 * @module
 */

import { types } from "node:util";

/**
 * The outcome of a call.
 *
 * @param value What the function returned.
 * @returns What it resolves to; for a generator, all that it yields.
 */
export async function settle(value: unknown): Promise<unknown> {
  const result = await value;
  if (typeof result !== "object" || !types.isGeneratorObject(result)) return result;
  const items: unknown[] = [];
  for await (const item of result) items.push(item);
  return items;
}
