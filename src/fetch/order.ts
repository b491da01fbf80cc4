/**
 * What `ns.fetch()` and the thread that makes the request tell each other.
 *
 * @module
 */

/** A request as it is sent to the thread. */
export interface FetchOrder {
  url: string;
  method: string;
  headers: [string, string][];
  body: { bytes: Uint8Array } | { id: number } | undefined;
  redirect: Request["redirect"];
  /** What else the runtime's fetch knows. */
  init: object;
}

/** The beginning of a response as it is sent back. */
export interface FetchHead {
  status: number;
  statusText: string;
  headers: [string, string][];
  url: string;
  redirected: boolean;
  type: string;
  /** The beginning of the body, as far as it came with the head; undefined when there is none. */
  begun: Uint8Array | undefined;
  /** The number of the rest of the body; undefined when there is none. */
  body: number | undefined;
}
