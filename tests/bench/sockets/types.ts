/**
 * What is needed of the sockets of a runtime. The functions run on namespace threads, so they refer to
 * nothing around them.
 *
 * @module
 */

/** Sockets of a runtime. */
export interface Sockets {
  /** Listens on some port, which it gives; sends each connection so many bytes, 64 KiB a write. */
  readonly serve: (size: number) => Promise<number>;
  /** Receives so many bytes; gives the nanoseconds from the connection to the last one. */
  readonly receive: (host: string, port: number, size: number) => Promise<number>;
}
