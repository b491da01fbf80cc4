/**
 * `promisify.custom` of `node:util`, without loading that.
 *
 * @module
 */

/** Under it a function keeps what promisify() gives in its place. */
export const promisifyCustom: unique symbol = Symbol.for("nodejs.util.promisify.custom");
