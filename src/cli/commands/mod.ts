/**
 * The commands, in the order of the help. A command is loaded when it is called for, as most of the
 * time of a short one is loading.
 *
 * @module
 */

import type { Command } from "../command.ts";

/** How a command is called, and where it is. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Whether it is left out of what people see. */
  readonly hidden?: boolean;
  load(): Promise<Command>;
}

/** Every command. */
export const commands: readonly CommandEntry[] = [
  { name: "list", aliases: ["ls", "lst"], load: async () => (await import("./list.ts")).list },
  { name: "add", load: async () => (await import("./add.ts")).add },
  { name: "attach", load: async () => (await import("./attach.ts")).attach },
  {
    name: "delete",
    aliases: ["del", "rm"],
    load: async () => (await import("./delete.ts")).deleteCommand,
  },
  { name: "identify", load: async () => (await import("./identify.ts")).identify },
  { name: "pids", load: async () => (await import("./pids.ts")).pids },
  { name: "set", load: async () => (await import("./set.ts")).set },
  { name: "list-id", load: async () => (await import("./list_id.ts")).listId },
  { name: "monitor", load: async () => (await import("./monitor.ts")).monitor },
  { name: "exec", load: async () => (await import("./exec.ts")).exec },
  { name: "run", load: async () => (await import("./run.ts")).run },
  { name: "show", load: async () => (await import("./show.ts")).show },
  { name: "graph", load: async () => (await import("./graph.ts")).graph },
  { name: "doctor", load: async () => (await import("./doctor.ts")).doctor },
  { name: "prune", load: async () => (await import("./prune.ts")).prune },
  { name: "rootless", load: async () => (await import("./rootless.ts")).rootless },
  {
    name: "rootless-init",
    hidden: true,
    load: async () => (await import("./rootless_init.ts")).rootlessInit,
  },
  { name: "completion", load: async () => (await import("./completion.ts")).completion },
];

/** The commands that people see. */
export function loadShown(): Promise<Command[]> {
  return Promise.all(commands.filter(({ hidden }) => !hidden).map(({ load }) => load()));
}
