/**
 * Where a test file runs: on this machine's kernel, or on another one.
 *
 * @module
 */

/** A command with what it runs under. */
export interface Command {
  command: string[];
  variables: Record<string, string>;
  /** Ms after which it is killed. */
  limit: number;
}

/** How a command ended. */
export interface Ending {
  output: string;
  /** `exit code 0` when it succeeded. */
  ending: string;
}

/** Where commands run. */
export interface Place {
  /** A directory that the commands and this process share. */
  readonly temporaryDirectory: string;
  /** By how much longer time limits are there. */
  readonly timeScale: number;
  /** Runs a command; resolves also when it fails. */
  run(command: Command): Promise<Ending>;
}
