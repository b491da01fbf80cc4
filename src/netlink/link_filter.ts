/**
 * Filters by link that the kernel may not have heeded.
 *
 * @module
 */

import type { MessageWriter } from "./codec/message_writer.ts";

/**
 * Tells the index of a link that a request names at an offset. It stands there once the request was
 * sent, for names are looked up then.
 */
export function linkInRequest(message: MessageWriter, offset: number): number {
  const bytes = message.finish();
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}
