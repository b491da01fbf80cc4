/**
 * The commands, in the order of the help. A command is loaded when it is called for, as most of the
 * time of a short one is loading.
 *
 * @module
 */

import { type Command, UsageError } from "../command.ts";

/** How a command is called, and where it is. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Whether it is left out of what people see. */
  readonly hidden?: boolean;
  load(): Promise<Command>;
}

/** Those of `ip netns`. Of several that begin alike the first is meant, as there. */
const shared: readonly CommandEntry[] = [
  { name: "list", aliases: ["ls", "lst", "s"], load: async () => (await import("./list.ts")).list },
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
];

/** Those that `ip netns` lacks. */
const own: readonly CommandEntry[] = [
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

/** Every command. */
export const commands: readonly CommandEntry[] = [...shared, ...own];

/** Finds a command by its name, an alias, or a beginning: as `ip netns`, else of one command only. */
export function findCommand(word: string): CommandEntry {
  const exact = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (exact !== undefined) return exact;
  if (word.startsWith("-")) throw new UsageError(`there is no option "${word}" before a command`);
  const begun = (entries: readonly CommandEntry[]) =>
    word === "" ? [] : entries.filter(({ name, hidden }) => !hidden && name.startsWith(word));
  const [first] = begun(shared);
  if (first !== undefined) return first;
  const [one, ...others] = begun(own);
  if (one !== undefined && others.length === 0) return one;
  throw new UsageError(
    one === undefined
      ? `there is no command "${word}"`
      : `"${word}" may be ${[one, ...others].map(({ name }) => name).join(" or ")}`,
  );
}

/** The commands that people see. */
export function loadShown(): Promise<Command[]> {
  return Promise.all(commands.filter(({ hidden }) => !hidden).map(({ load }) => load()));
}
