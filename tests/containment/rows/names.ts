/**
 * Look-ups: `node:dns`. The answer itself tells which DNS server was asked.
 *
 * @module
 */

import dns from "node:dns";
import dnsPromises from "node:dns/promises";
import { promisify } from "node:util";
import { address, name } from "../places.ts";
import { type Group, type Row, sideOfAddress, sideOfHost } from "./row.ts";

/** A name that has records of each type; `who.test` has addresses only. */
const records = "records.test";
/** Not one of the loopback interface, of which some resolvers know the name themselves. */
const reverseAddress = "192.0.2.99";

/** The methods that `dns`, its promises and its resolvers share, and what of the answer tells. */
const questions: Record<string, [string, (found: never) => string]> = {
  resolve: [name, ([first]: string[]) => sideOfAddress(first!)],
  resolve4: [name, ([first]: string[]) => sideOfAddress(first!)],
  resolve6: [records, ([first]: string[]) => sideOfAddress(first!)],
  resolveAny: [records, ([first]: { entries: string[] }[]) => first!.entries[0]!],
  resolveCaa: [records, ([first]: { issue: string }[]) => first!.issue],
  resolveCname: [records, ([first]: string[]) => sideOfHost(first!)],
  resolveMx: [records, ([first]: dns.MxRecord[]) => sideOfHost(first!.exchange)],
  resolveNaptr: [records, ([first]: dns.NaptrRecord[]) => sideOfHost(first!.replacement)],
  resolveNs: [records, ([first]: string[]) => sideOfHost(first!)],
  resolvePtr: [records, ([first]: string[]) => sideOfHost(first!)],
  resolveSoa: [records, ({ nsname }: dns.SoaRecord) => sideOfHost(nsname)],
  resolveSrv: [records, ([first]: dns.SrvRecord[]) => sideOfHost(first!.name)],
  resolveTlsa: [
    records,
    ([first]: { data: ArrayBuffer }[]) => new TextDecoder().decode(first!.data),
  ],
  resolveTxt: [records, ([first]: string[][]) => first![0]!],
  reverse: [reverseAddress, ([first]: string[]) => sideOfHost(first!)],
};

type Method = (question: string) => Promise<unknown>;

/** A row for each method of an object. */
function rowsOf(label: string, methodOf: (method: string) => Method, only?: string[]): Row[] {
  return Object.entries(questions)
    .filter(([method]) => only === undefined || only.includes(method))
    .map(([method, [question, tell]]) => ({
      name: `${label}.${method}`,
      // TLSA came to Node late; Deno and Bun have none.
      ...(method === "resolveTlsa" ? { on: ["node26"] as const } : {}),
      ask: async () => tell(await methodOf(method)(question) as never),
    }));
}

type Methods = Record<string, never>;

const lookupRows: Row[] = [
  {
    name: "dns.lookup",
    ask: async () => sideOfAddress((await promisify(dns.lookup)(name)).address),
  },
  {
    name: "dns.lookup, all",
    ask: () =>
      new Promise((resolve, reject) => {
        dns.lookup(name, { all: true }, (error, found) => {
          if (error) reject(error);
          else resolve(sideOfAddress(found[0]!.address));
        });
      }),
  },
  {
    name: "dns.promises.lookup",
    ask: async () => sideOfAddress((await dns.promises.lookup(name)).address),
  },
  {
    name: "node:dns/promises lookup",
    ask: async () => sideOfAddress((await dnsPromises.lookup(name)).address),
  },
  {
    name: "dns.lookupService",
    ask: async () => sideOfHost((await promisify(dns.lookupService)(reverseAddress, 80)).hostname),
  },
  {
    name: "dns.promises.lookupService",
    ask: async () => sideOfHost((await dns.promises.lookupService(reverseAddress, 80)).hostname),
  },
];

/** `node:dns`. */
export const dnsGroup: Group = {
  title: "node:dns",
  rows: [
    ...lookupRows,
    ...rowsOf("dns", (method) => promisify((dns as unknown as Methods)[method]!)),
    ...rowsOf("dns.promises", (method) => (dns.promises as unknown as Methods)[method]!),
    ...rowsOf("new dns.Resolver()", (method) => {
      const resolver = new dns.Resolver();
      return promisify((resolver as unknown as Methods)[method]! as () => void).bind(resolver);
    }, ["resolve4", "resolveTxt", "reverse"]),
    ...rowsOf("new dns.promises.Resolver()", (method) => {
      const resolver = new dns.promises.Resolver();
      return ((resolver as unknown as Methods)[method]! as Method).bind(resolver);
    }, ["resolve4", "resolveTxt", "reverse"]),
    {
      name: "Resolver.setServers",
      ask: async () => {
        const resolver = new dns.promises.Resolver();
        resolver.setServers([address]);
        return sideOfAddress((await resolver.resolve4(name))[0]!);
      },
    },
  ],
};
