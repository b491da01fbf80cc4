/**
 * A home of the tests' own and a namespace, each with the same servers. Nothing of it touches the
 * machine's own loopback interface, resolv.conf or /sys.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { NetNS } from "../../mod.ts";
import { AF_INET, SOCK_CLOEXEC, SOCK_DGRAM } from "../../ffi/constants.ts";
import { ifreq, sockaddrIn } from "../../ffi/structs.ts";
import { libc } from "../../src/libc.ts";
import { unwrap } from "../../src/errors.ts";
import { executable, runtime } from "../helpers/runtime.ts";
import { findRuntime } from "../runner/runtimes.ts";
import { address, marks, type Side, sides } from "./places.ts";
import { variables } from "./rows/row.ts";

const SIOCSIFADDR = 0x8916;
const SIOCSIFMTU = 0x8922;

const certificates = fileURLToPath(new URL("./tls", import.meta.url));

/** How a process at home sees the machine: files of its own, in a mount namespace of its own. */
const setUp = `set -e
cd "$0"
mount --make-rprivate /
mount --bind resolv.conf /etc/resolv.conf
mount --bind hosts /etc/hosts
mount --bind nsswitch.conf /etc/nsswitch.conf
mount -t sysfs sysfs /sys
exec "$@"`;

const flags = {
  "node-koffi": [],
  "node-ffi": ["--no-warnings"],
  deno: ["run", "-A", "--no-lock", "--unstable-net"],
  bun: [],
} as const;

/** How a bundled program is run. */
export function programCommand(file: string): string[] {
  return [executable, ...flags[runtime], file];
}

/**
 * How the servers are run: on the runtime that asks, as abstract names of Node 20, which it pads
 * with NULs, are not those of the others. But not on Deno, whose HTTP/2 servers abort the process
 * now and then when a client leaves.
 */
function serversCommand(file: string): string[] {
  const found = findRuntime("node26");
  if (runtime !== "deno" || "missing" in found) return programCommand(file);
  return [found.program, file];
}

/** Both namespaces, while their servers run. */
export class Place {
  readonly #namespaces: Record<Side, NetNS>;
  readonly #directory: string;
  readonly #servers: readonly ChildProcess[];

  private constructor(
    namespaces: Record<Side, NetNS>,
    directory: string,
    servers: readonly ChildProcess[],
  ) {
    this.#namespaces = namespaces;
    this.#directory = directory;
    this.#servers = servers;
  }

  /** Makes the namespaces and starts the servers; `directory` takes files. */
  static async open(directory: string, serversProgram: string): Promise<Place> {
    fs.writeFileSync(path.join(directory, "resolv.conf"), `nameserver ${address}\n`);
    fs.writeFileSync(path.join(directory, "hosts"), `${address} localhost\n`);
    fs.writeFileSync(path.join(directory, "nsswitch.conf"), "hosts: files dns\n");
    const namespaces = { home: NetNS.create(), ns: NetNS.create() };
    const servers: ChildProcess[] = [];
    const place = new Place(namespaces, directory, servers);
    try {
      for (const side of sides) {
        await mark(namespaces[side], side);
        const command = [...serversCommand(serversProgram), side, directory, certificates];
        servers.push(await startServers(namespaces[side], command));
      }
      return place;
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  /** Where the namespace is found by other processes, as long as this one runs. */
  get namespacePath(): string {
    return `/proc/${process.pid}/fd/${this.#namespaces.ns.fd}`;
  }

  /** Starts a command at home. */
  spawnHome(command: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const authority = path.join(certificates, "ca.pem");
    return this.#namespaces.home.spawn(
      "unshare",
      ["--mount", "--", "sh", "-c", setUp, this.#directory, ...command],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...environment(),
          NO_COLOR: "1",
          DENO_NO_UPDATE_CHECK: "1",
          NODE_EXTRA_CA_CERTS: authority,
          DENO_CERT: authority,
          [variables.directory]: this.#directory,
          [variables.certificates]: certificates,
          ...env,
        },
      },
    );
  }

  /** Ends the servers; what is in the directory is the caller's. */
  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    }
    await Promise.all(sides.map((side) => this.#namespaces[side].close()));
  }
}

/** The environment without what would send requests elsewhere. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env as Record<string, string>);
  return Object.fromEntries(
    entries.filter(([key]) => !/_proxy$|^NODE_OPTIONS$|^(REDIS|VALKEY|DATABASE)_URL$/i.test(key)),
  );
}

/** Gives the loopback interface and the kernel parameters of a side their marks. */
async function mark(ns: NetNS, side: Side): Promise<void> {
  const { interfaceAddress, mtu, ttl } = marks[side];
  const { socket, ioctl, close } = libc();
  const address = ifreq("lo:1");
  address.bytes.set(sockaddrIn(Buffer.from(interfaceAddress.split(".").map(Number)), 0), 16);
  const size = ifreq("lo");
  size.view.setInt32(16, mtu, true);
  ns.doSync(() => {
    const action = "Cannot set up the loopback interface";
    const fd = unwrap(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), { action, syscall: "socket" });
    try {
      unwrap(ioctl(fd, SIOCSIFADDR, address.bytes), { action, syscall: "ioctl" });
      unwrap(ioctl(fd, SIOCSIFMTU, size.bytes), { action, syscall: "ioctl" });
    } finally {
      close(fd);
    }
  });
  await ns.sysctl.set("net.ipv4.ip_default_ttl", ttl);
}

/** Starts the servers of a side. */
async function startServers(ns: NetNS, command: readonly string[]): Promise<ChildProcess> {
  const [program, ...args] = command as [string, ...string[]];
  const child = ns.spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ready = once(child.stdout!, "data");
  const failed = once(child, "exit").then(() => Promise.reject(new Error("a server ended")));
  await Promise.race([ready, failed]);
  failed.catch(() => {});
  return child;
}
