/**
 * HTTP servers in a namespace and at home, on the same ports.
 *
 * @module
 */

import { NetNS } from "../../mod.ts";
import * as atHome from "../fixtures/fetch_server.js";
import type { Origins } from "../fixtures/fetch_cases.js";

/** What a test of fetch gets. */
export interface FetchServers {
  ns: NetNS;
  origins: Origins;
  ports: number[];
}

/** Runs a test with a namespace, and servers that answer `ns` there and `home` at home. */
export async function withFetchServers(run: (servers: FetchServers) => unknown): Promise<void> {
  const ns = NetNS.create();
  try {
    const ports = await atHome.start("home");
    const url = new URL("../fixtures/fetch_server.js", import.meta.url);
    const inside = await ns.import<typeof atHome>(url);
    await inside.start("ns", ports);
    await run({ ns, ports, origins: originsOf(ports) });
  } finally {
    await atHome.stop();
    await ns.close({ force: true });
  }
}

function originsOf([http, https, self, other]: number[]): Origins {
  return {
    http: `http://127.0.0.1:${http}`,
    https: `https://127.0.0.1:${https}`,
    self: `https://127.0.0.1:${self}`,
    other: `https://127.0.0.1:${other}`,
  };
}

/** The outcomes of cases, by their names. */
export async function outcomes(
  names: readonly string[],
  run: (name: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of names) found[name] = await run(name);
  return found;
}

/** What was answered at home, as if it had been answered inside. */
export function asInside(found: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(found).replaceAll('"home"', '"ns"'));
}
