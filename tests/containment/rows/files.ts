/**
 * The kernel's files about the network, and what else tells of interfaces.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import { marks, sides } from "../places.ts";
import { type Group, node, type Row, sideOfSockets, textOf } from "./row.ts";

/** Files of which there is one for each namespace, and what of the text tells. */
const files: Record<string, (text: string) => string> = {
  "/proc/net/tcp": sideOfSockets,
  "/proc/self/net/tcp": sideOfSockets,
  "/proc/thread-self/net/tcp": sideOfSockets,
  "/proc/sys/net/ipv4/ip_default_ttl": (text) => sideOfNumber(text, "ttl"),
  "/sys/class/net/lo/mtu": (text) => sideOfNumber(text, "mtu"),
};

function sideOfNumber(text: string, mark: "ttl" | "mtu"): string {
  return sides.find((side) => marks[side][mark] === Number(text)) ?? `no side's: ${text}`;
}

/** Ways to read a file. */
const ways: Record<string, { read: (file: string) => string | Promise<string>; on?: Row["on"] }> = {
  "fs.readFileSync": { read: (file) => fs.readFileSync(file, "utf8") },
  "fs.readFile": {
    read: (file) =>
      new Promise((resolve, reject) => {
        fs.readFile(file, "utf8", (error, text) => error ? reject(error) : resolve(text));
      }),
  },
  "fs.promises.readFile": { read: (file) => fs.promises.readFile(file, "utf8") },
  "fs.promises.open": {
    read: async (file) => {
      const handle = await fs.promises.open(file);
      try {
        return await handle.readFile("utf8");
      } finally {
        await handle.close();
      }
    },
  },
  "fs.openSync": {
    read: (file) => {
      const fd = fs.openSync(file, "r");
      try {
        return fs.readFileSync(fd, "utf8");
      } finally {
        fs.closeSync(fd);
      }
    },
  },
  "fs.createReadStream": { read: (file) => textOf(fs.createReadStream(file)) },
  "Bun.file": { on: ["bun"], read: (file) => Bun.file(file).text() },
  "Deno.readTextFile": { on: ["deno"], read: (file) => Deno.readTextFile(file) },
  "Deno.readTextFileSync": { on: ["deno"], read: (file) => Deno.readTextFileSync(file) },
  "Deno.open": {
    on: ["deno"],
    read: async (file) => {
      const opened = await Deno.open(file);
      return await new Response(opened.readable).text();
    },
  },
};

/** Of all files; the other ways are of one. */
const mainWays = ["fs.readFileSync", "fs.promises.readFile", "Bun.file", "Deno.readTextFile"];

const fileRows = Object.entries(files).flatMap(([file, tell], index) =>
  Object.entries(ways)
    .filter(([way]) => index === 0 || mainWays.includes(way))
    .map(([way, { read, on }]): Row => ({
      name: `${way}, ${file}`,
      ...(on ? { on } : {}),
      ask: async () => tell(await read(file)),
    }))
);

/** The side of a list of interfaces. */
function sideOfInterfaces(addresses: readonly (string | undefined)[]): string {
  return sides.find((side) => addresses.includes(marks[side].interfaceAddress)) ??
    `no side's: ${addresses.join(" ")}`;
}

/** Interfaces. */
export const interfaceGroup: Group = {
  title: "Interfaces",
  rows: [
    {
      name: "os.networkInterfaces",
      ask: () =>
        sideOfInterfaces(
          Object.values(os.networkInterfaces()).flatMap((list) => list!.map((one) => one.address)),
        ),
    },
    {
      name: "Deno.networkInterfaces",
      on: ["deno"],
      ask: () => sideOfInterfaces(Deno.networkInterfaces().map((one) => one.address)),
    },
    {
      name: "process.report.getReport",
      on: node,
      ask: () => {
        const { header } = process.report.getReport() as unknown as {
          header: { networkInterfaces: { ip4_address?: string; address?: string }[] };
        };
        return sideOfInterfaces(header.networkInterfaces.map((one) => one.address));
      },
    },
  ],
};

/** Files. */
export const fileGroup: Group = { title: "Files of the kernel", rows: fileRows };
