/**
 * What the poll thread and the thread that it polls for tell each other.
 *
 * Commands are datagrams of 32-bit integers to a socket that the poll thread polls, too, as it has
 * no event loop that would receive messages: a descriptor to poll, or as `~fd` one to poll no more.
 *
 * @module
 */

/** What the poll thread is born with. */
export interface PollData {
  /** The socket of the commands. */
  wake: number;
  /** The id of the thread that it polls for. */
  parent: number;
  /** How often it looks, in ms, whether that thread is there, and whether it is to end itself. */
  lookUpAfter: number;
  /** libc, as `NETNS_LIBC` names it. */
  library: string | undefined;
  /** Where packages are looked up from. */
  base: string;
}

/** What the poll thread tells. */
export type FromPollThread =
  /** It polls; its thread id in the kernel. */
  | { tid: number }
  /** Descriptors that can be read. They are not polled any more. */
  | { readable: number[] };

/** The command to end. */
export const QUIT = -0x80000000;

/** How many commands a datagram may have. */
export const MAX_COMMANDS = 1024;
