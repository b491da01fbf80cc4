/** `netns list`. @module */

import { NetNS } from "../../../mod.ts";
import { type Command, common } from "../command.ts";
import { print, printJson, printTable, styled } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Lists the names. */
export const list: Command = {
  name: "list",
  aliases: ["ls", "lst"],
  summary: "list the named namespaces",
  usage: "[-l] [--all]",
  details: "A name is followed by its id, where the current namespace has one for it.",
  example: "netns list --json",
  options: {
    long: { type: "boolean", short: "l", help: "tell inode, processes and links too" },
    all: { type: "boolean", short: "a", help: "list namespaces without a name too" },
    ...common,
  },
  async run({ options }) {
    const all = options.all === true;
    const found = NetNS.list({ ...directoryOf(options), all });
    if (options.long !== true) {
      if (options.json) {
        return printJson(found.map(({ nsid, ...entry }) => ({ ...entry, id: nsid })));
      }
      for (const { name, path, nsid, stale } of found) {
        const id = nsid === undefined ? "" : ` (id: ${nsid})`;
        print(`${name ?? path}${id}${stale ? styled("yellow", " (stale)") : ""}`);
      }
      return;
    }
    const described = await Promise.all(found.map(async ({ nsid, ...entry }) => ({
      ...entry,
      id: nsid,
      ...(entry.inode === 0 ? { pids: [], links: [] } : await inhabitants(entry.path)),
    })));
    if (options.json) return printJson(described);
    printTable([
      ["NAME", "INODE", "ID", "PIDS", "LINKS"].map((title) => styled("bold", title)),
      ...described.map(({ name, path, inode, id, pids, links, stale }) => [
        name ?? path,
        stale ? "stale" : String(inode),
        String(id ?? "-"),
        pids.length > 4 ? `${pids.length} processes` : pids.join(" ") || "-",
        links.join(" ") || "-",
      ]),
    ]);
  },
};

async function inhabitants(path: string): Promise<{ pids: number[]; links: string[] }> {
  const ns = NetNS.fromPath(path);
  try {
    const links = await ns.link.list();
    return { pids: ns.pids(), links: links.map(({ name }) => name) };
  } finally {
    await ns.close();
  }
}
