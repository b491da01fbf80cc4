/**
 * How long a connection may be silent.
 *
 * @module
 */

/** As Bun's own `fetch` has it, in ms. */
export const IDLE_TIMEOUT = 300_000;
