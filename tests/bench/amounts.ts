/**
 * How much is done where a row is about large amounts; a quick run does less.
 *
 * @module
 */

/** Routes of the namespace that is made for all contenders. */
export function routeCount(wanted: number, quick: boolean): number {
  return quick ? wanted / 20 : wanted;
}

/** Megabytes of one transfer. */
export function transferMiB(quick: boolean): number {
  return quick ? 16 : 256;
}

/** Handles that are open at once. */
export function handleCount(quick: boolean): number {
  return quick ? 100 : 5000;
}
