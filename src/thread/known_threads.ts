/**
 * The namespace threads that were started on this thread of JavaScript, by whichever copy of the
 * library.
 *
 * @module
 */

/** What is known of a namespace thread by those who do not use it. */
export interface KnownThread {
  readonly tid: number | undefined;
  readonly inode: number;
  readonly label: string;
}

/** Those that have not ended; shared by all copies of the library. */
export const known: Set<KnownThread> =
  (globalThis as { [key: symbol]: Set<KnownThread> | undefined })[
    Symbol.for("@netns/netns.threads.1")
  ] ??= new Set();
