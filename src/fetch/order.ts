/**
 * What `ns.fetch()` and the thread that makes the request tell each other.
 *
 * @module
 */

/** A request as it is sent to the thread. */
export interface FetchOrder {
  url: string;
  method: string;
  redirect: Request["redirect"];
  /** Names and values by turns. */
  headers: string[];
  /** Bytes, or the number of a stream. */
  body: Uint8Array | number | undefined;
  /** What else the runtime's fetch knows. */
  others: object;
}

/** The beginning of a response as it is sent back. */
export type FetchHead = [
  status: number,
  statusText: string,
  /** Undefined where it is that of the request. */
  url: string | undefined,
  redirected: boolean,
  type: string,
  /** The beginning of the body, as far as it came with the head; undefined when there is none. */
  begun: Uint8Array | undefined,
  /** The number of the rest of the body; undefined when there is none. */
  body: number | undefined,
  /** Names and values by turns. */
  ...headers: string[],
];
