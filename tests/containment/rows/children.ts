/**
 * Child processes. A child reads the sockets of its own namespace from /proc.
 *
 * @module
 */

import childProcess from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { type Group, sideOfSockets, textOf } from "./row.ts";

const file = "/proc/self/net/tcp";
const command = `cat ${file}`;

/** The program of children that are forked. */
const forkedProgram = (): URL => new URL("./child.mjs", import.meta.url);

/** `node:child_process`. */
export const childGroup: Group = {
  title: "node:child_process",
  rows: [
    {
      name: "spawn",
      ask: async () => sideOfSockets(await textOf(childProcess.spawn("cat", [file]).stdout)),
    },
    {
      name: "spawn, shell",
      ask: async () =>
        sideOfSockets(await textOf(childProcess.spawn(command, { shell: true }).stdout)),
    },
    {
      name: "spawn, detached",
      ask: async () =>
        sideOfSockets(await textOf(childProcess.spawn("cat", [file], { detached: true }).stdout)),
    },
    {
      name: "exec",
      ask: async () => sideOfSockets((await promisify(childProcess.exec)(command)).stdout),
    },
    {
      name: "execFile",
      ask: async () =>
        sideOfSockets((await promisify(childProcess.execFile)("cat", [file])).stdout),
    },
    {
      name: "fork",
      ask: async () => {
        const child = childProcess.fork(forkedProgram(), { execArgv: [] });
        const [sockets] = await once(child, "message");
        return sideOfSockets(String(sockets));
      },
    },
    {
      name: "spawnSync",
      ask: () => sideOfSockets(String(childProcess.spawnSync("cat", [file]).stdout)),
    },
    { name: "execSync", ask: () => sideOfSockets(String(childProcess.execSync(command))) },
    {
      name: "execFileSync",
      ask: () => sideOfSockets(String(childProcess.execFileSync("cat", [file]))),
    },
    {
      name: "a child that looks a name up",
      ask: async () => {
        const { stdout } = await promisify(childProcess.execFile)("getent", ["hosts", "who.test"]);
        return stdout.startsWith("127.0.0.11")
          ? "home"
          : stdout.startsWith("127.0.0.22")
          ? "ns"
          : stdout;
      },
    },
  ],
};
