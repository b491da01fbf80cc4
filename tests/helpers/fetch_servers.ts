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

/** Runs cases at two places; returns those of which the outcomes differ. */
export async function differences(
  names: readonly string[],
  atHome: (name: string) => Promise<unknown>,
  inside: (name: string) => Promise<unknown>,
): Promise<{ name: string; atHome: string; inside: string }[]> {
  const found: { name: string; atHome: string; inside: string }[] = [];
  for (const name of names) {
    const expected = JSON.stringify(await atHome(name)).replaceAll('"home"', '"ns"');
    const actual = JSON.stringify(await inside(name));
    if (expected !== actual) found.push({ name, atHome: expected, inside: actual });
  }
  return found;
}
