/** `netns show`. @module */

import { type Address, type Link, NetNS, type Route } from "../../../mod.ts";
import { type Command, common } from "../command.ts";
import { print, printJson, printTable, styled } from "../output.ts";
import { type ListeningSocket, listeningSockets } from "../listening_sockets.ts";
import { directoryOf } from "./shared.ts";

interface Described {
  readonly name: string | undefined;
  readonly inode: number;
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly listening: readonly ListeningSocket[];
  readonly pids: readonly number[];
}

/** Tells what is in namespaces. */
export const show: Command = {
  name: "show",
  summary: "print links, addresses, routes, listening sockets and processes",
  usage: "[NAME...]",
  details: "Without a name, of every named namespace.",
  example: "netns show blue",
  options: { ...common },
  words: [0, Infinity],
  async run({ options, words }) {
    const dir = directoryOf(options);
    const names = words.length > 0
      ? words
      : NetNS.list(dir).filter(({ stale }) => !stale).map(({ name }) => name);
    const described: Described[] = [];
    for (const name of names) {
      const ns = NetNS.fromName(name, dir);
      try {
        described.push(await describe(ns));
      } finally {
        await ns.close();
      }
    }
    if (options.json) return printJson(described);
    described.forEach((one, index) => {
      if (index > 0) print("");
      printDescribed(one);
    });
  },
};

async function describe(ns: NetNS): Promise<Described> {
  const { name, inode } = ns;
  return {
    name,
    inode,
    links: await ns.link.list(),
    addresses: await ns.addr.list(),
    routes: (await ns.route.list()).filter(({ table }) => table !== "local"),
    listening: await listeningSockets(ns),
    pids: ns.pids(),
  };
}

function printDescribed(described: Described): void {
  const { name, inode, links, addresses, routes, listening, pids } = described;
  print(styled("bold", `${name} (net:[${inode}])`));
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
  for (const { dst, via, dev, type } of routes) {
    const way = [via && `via ${via}`, dev && `dev ${dev}`, type !== "unicast" && type];
    print(`  route ${[dst, ...way].filter(Boolean).join(" ")}`);
  }
  for (const { protocol, address, port } of listening) {
    print(`  listening ${protocol} ${address.includes(":") ? `[${address}]` : address}:${port}`);
  }
  if (pids.length > 0) print(`  processes ${pids.join(" ")}`);
}
