/** `netns list`. @module */

import type { NetNS } from "../../../mod.ts";
import { type FoundNamespace, listAll } from "../../all_namespaces.ts";
import { listNamed } from "../../named.ts";
import { type Command, common, type Given } from "../command.ts";
import { tell } from "../explain.ts";
import type { Described } from "../look_inside.ts";
import { print, printJson, printTable, styled } from "../output.ts";
import { directoryOf, tellUnreadable } from "./shared.ts";

/** Lists the names. */
export const list: Command = {
  name: "list",
  aliases: ["ls", "lst", "s"],
  summary: "list the named namespaces",
  usage: "[-l] [--all]",
  details:
    "A name is followed by its id, where the current namespace has one for it. With --long, what " +
    "may not be seen is marked with `?`, and the exit code is 1.",
  example: "netns list --json",
  options: {
    long: { type: "boolean", short: "l", help: "tell inode, processes and links too" },
    all: { type: "boolean", short: "a", help: "list namespaces without a name too" },
    ...common,
  },
  async run({ options }) {
    const found: FoundNamespace[] = (options.all ? listAll : listNamed)(directoryOf(options));
    if (options.long) return await listLong(found, options);
    if (options.json) {
      printJson(found.map(({ nsid, ...entry }) => ({ ...entry, id: nsid })));
    } else {
      printShort(found);
    }
    return tellUnreadable(options);
  },
};

async function listLong(found: FoundNamespace[], options: Given["options"]): Promise<number> {
  const { lookInside } = await import("../look_inside.ts");
  const looks = { links: async (ns: NetNS) => (await ns.link.list()).map(({ name }) => name) };
  const { described, errors } = await lookInside(found, looks, true);
  const entries = described.map((entry) => entry.stale ? { ...entry, pids: [], links: [] } : entry);
  if (options.json) printJson(entries);
  else printLong(entries);
  return Math.max(tell(errors), tellUnreadable(options));
}

function printShort(entries: readonly FoundNamespace[]): void {
  for (const { name, path, nsid, stale } of entries) {
    const known = nsid === undefined ? "" : ` (id: ${nsid})`;
    print(`${name ?? path}${known}${stale ? styled("yellow", " (stale)") : ""}`);
  }
}

function printLong(entries: readonly Described<{ links: string[] }>[]): void {
  printTable([
    ["NAME", "INODE", "ID", "PIDS", "LINKS"].map((title) => styled("bold", title)),
    ...entries.map(({ name, path, inode, id, pids, links, stale }) => [
      name ?? path,
      stale ? "stale" : inode === 0 ? "?" : String(inode),
      String(id ?? "-"),
      pids !== undefined && pids.length > 4 ? `${pids.length} processes` : cell(pids),
      cell(links),
    ]),
  ]);
}

function cell(values: readonly unknown[] | undefined): string {
  return values === undefined ? "?" : values.join(" ") || "-";
}
