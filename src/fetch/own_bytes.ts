/**
 * Bytes that share their buffer with no others.
 *
 * @module
 */

/** The bytes of a chunk in a buffer of their own: it may be transferred, and crosses as a whole. */
export function ownBytes(chunk: Uint8Array): Uint8Array {
  const { buffer, byteLength } = chunk;
  return byteLength === buffer.byteLength ? new Uint8Array(buffer) : new Uint8Array(chunk);
}
