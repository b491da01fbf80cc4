/**
 * What is needed of the sockets of a runtime. The functions run on namespace threads, so they refer to
 * nothing around them.
 *
 * @module
 */

/** Sockets of a runtime. */
export interface Sockets {
  /** Listens on some port, which it gives; answers each connection when it has read its size. */
  readonly serve: () => Promise<number>;
  /** Sends so many bytes in writes of 64 KiB; gives the nanoseconds until the answer. */
  readonly send: (host: string, port: number, size: number) => Promise<number>;
}
