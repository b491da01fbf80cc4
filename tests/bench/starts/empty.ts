/**
 * Nothing: the start of the runtime.
 *
 * @module
 */
export {};
