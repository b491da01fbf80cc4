/** `netns show`. @module */

import type { Address, Link, Route } from "../../../mod.ts";
import { type FoundNamespace, listAll } from "../../all_namespaces.ts";
import { checkExistingName } from "../../name.ts";
import { listNamed } from "../../named.ts";
import { directory, namedPath } from "../../named_directory.ts";
import { type Command, common, type Given, UsageError } from "../command.ts";
import { tell } from "../explain.ts";
import { type ListeningSocket, listeningSockets } from "../listening_sockets.ts";
import { type Described, lookInside, type Looks } from "../look_inside.ts";
import { print, printJson, printTable, styled } from "../output.ts";
import { directoryOf, tellUnreadable } from "./shared.ts";

/** What is in a namespace. */
interface Content {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly listening: readonly ListeningSocket[];
}

const looks: Looks<Content> = {
  links: (ns) => ns.link.list(),
  addresses: (ns) => ns.addr.list(),
  routes: (ns) => ns.route.list({ table: "all" }),
  listening: listeningSockets,
};

/** Tells what is in namespaces. */
export const show: Command = {
  name: "show",
  summary: "print links, addresses, routes, listening sockets and processes",
  usage: "[NAME... | --all]",
  details: "Without a name, of every named namespace, in order. Routes of the table local are in " +
    "the JSON only. What may not be seen is marked with `?`, and the exit code is 1.",
  example: "netns show blue",
  options: {
    all: { type: "boolean", short: "a", help: "of namespaces without a name too" },
    ...common,
  },
  positionals: [0, Infinity],
  async run({ options, positionals }) {
    if (options.all && positionals.length > 0) throw new UsageError("give names or --all", show);
    const listed = positionals.length === 0;
    const { described, errors } = await lookInside(entriesOf(options, positionals), looks, listed);
    if (options.json) printJson(described);
    else {
      described.forEach((one, index) => {
        if (index > 0) print("");
        printDescribed(one);
      });
    }
    return Math.max(tell(errors), listed ? tellUnreadable(options) : 0);
  },
};

/** What is to be shown: what was named, else what is listed. */
function entriesOf(options: Given["options"], names: readonly string[]): FoundNamespace[] {
  const dir = directoryOf(options);
  if (names.length === 0) return (options.all ? listAll : listNamed)(dir);
  return names.map((word) => {
    const name = checkExistingName(word);
    return { name, path: namedPath(directory(dir.dir), name), inode: 0 };
  });
}

function printDescribed(described: Described<Content>): void {
  const { name, path, inode, id, stale } = described;
  const known = id === undefined ? "" : `, id ${id}`;
  const what = stale ? "stale" : `net:[${inode === 0 ? "?" : inode}]${known}`;
  print(styled("bold", `${name ?? path} (${what})`));
  if (stale) return;
  const { links = [], addresses = [], routes = [], listening = [], pids = [] } = described;
  printTable(
    links.map((link) => [
      link.name,
      link.kind ?? String(link.type),
      link.up ? styled("green", "up") : styled("red", "down"),
      link.mac ?? "-",
      addresses.filter(({ dev }) => dev === link.name).map(({ address }) => address).join(" "),
    ]),
    "  ",
  );
  for (const { dst, via, dev, type, table } of routes) {
    if (table === "local") continue;
    const way = [
      via && `via ${via}`,
      dev && `dev ${dev}`,
      type !== "unicast" && type,
      table !== "main" && `table ${table}`,
    ];
    print(`  route ${[dst, ...way].filter(Boolean).join(" ")}`);
  }
  for (const { protocol, address, port } of listening) {
    print(`  listening ${protocol} ${address.includes(":") ? `[${address}]` : address}:${port}`);
  }
  if (pids.length > 0) print(`  processes ${pids.join(" ")}`);
  const members = [...Object.keys(looks), "pids"] as (keyof Described<Content>)[];
  const unseen = members.filter((member) => described[member] === undefined);
  if (unseen.length > 0) print(`  ${unseen.join(", ")}: ?`);
}
