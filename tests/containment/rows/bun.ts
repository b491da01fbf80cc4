/**
 * Bun's own APIs.
 *
 * @module
 */

import { abstractHttpName, abstractName, address, ports } from "../places.ts";
import {
  certificateAuthority,
  freeAbstractName,
  type Group,
  name,
  ownCertificate,
  type Row,
  sideOfAddress,
  sideOfHost,
  sideOfSockets,
  sidesThatReach,
  token,
  url,
} from "./row.ts";

const on = ["bun"] as const;

/** What a server says to a client that connects. */
function greetingOf(options: object): Promise<string> {
  return new Promise((resolve, reject) => {
    Bun.connect({
      ...options as { hostname: string; port: number },
      socket: {
        data: (_, data) => resolve(data.toString()),
        error: (_, error) => reject(error),
        connectError: (_, error) => reject(error),
      },
    }).catch(reject);
  });
}

const databaseError = (error: unknown) => (error as Error).message;

/** The message of the error with which the database refuses. */
async function refusalOf(options: object): Promise<string> {
  const sql = new Bun.SQL(options as never);
  try {
    await sql`select 1`;
    return "no answer";
  } catch (error) {
    const { code } = error as { code?: string };
    if (code?.startsWith("ERR_NETNS")) throw error;
    return databaseError(error);
  }
}

async function valueOf(client: Bun.RedisClient): Promise<string> {
  try {
    return String(await client.get("who"));
  } finally {
    client.close();
  }
}

const s3Options = (host: string) => ({
  endpoint: url("http", host),
  bucket: "bucket",
  accessKeyId: "key",
  secretAccessKey: "secret",
});

async function datagramAnswer(target: string, connected = false): Promise<string> {
  let resolve: (answer: string) => void;
  const answered = new Promise<string>((settle) => resolve = settle);
  const socket = connected
    ? await Bun.udpSocket({
      connect: { hostname: target, port: ports.udp },
      socket: { data: (_, data) => resolve(data.toString()) },
    })
    : await Bun.udpSocket({ socket: { data: (_, data) => resolve(data.toString()) } });
  if (connected) (socket as Bun.udp.ConnectedSocket<"buffer">).send("who");
  else (socket as Bun.udp.Socket<"buffer">).send("who", ports.udp, target);
  try {
    return await answered;
  } finally {
    socket.close();
  }
}

const connections: Row[] = [
  {
    name: "Bun.connect, by address",
    ask: () => greetingOf({ hostname: address, port: ports.tcp }),
  },
  {
    name: "Bun.connect, localhost",
    ask: () => greetingOf({ hostname: "localhost", port: ports.tcp }),
  },
  { name: "Bun.connect, by name", ask: () => greetingOf({ hostname: name, port: ports.tcp }) },
  {
    name: "Bun.connect, TLS, by name",
    ask: () => greetingOf({ hostname: name, port: ports.tls, tls: { ca: certificateAuthority() } }),
  },
  { name: "Bun.connect, abstract unix socket", ask: () => greetingOf({ unix: abstractName }) },
  { name: "Bun.udpSocket, by address", ask: () => datagramAnswer(address) },
  { name: "Bun.udpSocket, connected", ask: () => datagramAnswer(address, true) },
  {
    name: "Bun.RedisClient, by address",
    ask: () => valueOf(new Bun.RedisClient(`redis://${address}:${ports.redis}`)),
  },
  {
    name: "Bun.RedisClient, by name",
    ask: () => valueOf(new Bun.RedisClient(`redis://${name}:${ports.redis}`)),
  },
  {
    name: "Bun.SQL, PostgreSQL, by address",
    ask: () => refusalOf({ adapter: "postgres", hostname: address, port: ports.postgres, max: 1 }),
  },
  {
    name: "Bun.SQL, PostgreSQL, by name",
    ask: () => refusalOf({ adapter: "postgres", hostname: name, port: ports.postgres, max: 1 }),
  },
  {
    name: "Bun.SQL, MySQL, by address",
    ask: () => refusalOf({ adapter: "mysql", hostname: address, port: ports.mysql, max: 1 }),
  },
  {
    name: "Bun.SQL, MySQL, by name",
    ask: () => refusalOf({ adapter: "mysql", hostname: name, port: ports.mysql, max: 1 }),
  },
];

const web: Row[] = [
  { name: "Bun.fetch", ask: async () => await (await Bun.fetch(url("http", name))).text() },
  {
    name: "fetch, protocol http2",
    ask: async () => {
      const init = { protocol: "http2", tls: { ca: certificateAuthority() } };
      return await (await fetch(`https://${name}:${ports.http2s}/`, init as RequestInit)).text();
    },
  },
  {
    name: "fetch, abstract unix socket",
    ask: async () =>
      await (await fetch("http://localhost/", { unix: abstractHttpName } as RequestInit)).text(),
  },
  {
    name: "Bun.FetchSession",
    ask: async () => {
      const { FetchSession } = Bun as unknown as {
        FetchSession: new () => { fetch: typeof fetch };
      };
      return await (await new FetchSession().fetch(url("http", name))).text();
    },
  },
  {
    name: "Bun.S3Client",
    ask: () => new Bun.S3Client(s3Options(address)).file("who").text(),
  },
  { name: "Bun.s3", ask: () => Bun.s3.file("who", s3Options(address)).text() },
  {
    name: 'Bun.file("s3://...")',
    ask: () => Bun.file("s3://bucket/who", s3Options(address) as never).text(),
  },
  {
    name: 'fetch("s3://...")',
    ask: async () => {
      const init = { s3: s3Options(address) } as RequestInit;
      return await (await fetch("s3://bucket/who", init)).text();
    },
  },
];

const servers: Row[] = [
  {
    name: "Bun.listen",
    ask: async () => {
      const server = Bun.listen({
        hostname: address,
        port: 0,
        socket: { data: (socket) => void socket.end(token) },
      });
      const reached = await sidesThatReach({ protocol: "tcp", port: server.port });
      server.stop(true);
      return reached;
    },
  },
  {
    name: "Bun.listen, abstract unix socket",
    ask: async () => {
      const path = freeAbstractName();
      const server = Bun.listen({
        unix: path,
        socket: { data: (socket) => void socket.end(token) },
      });
      const reached = await sidesThatReach({ protocol: "tcp", path });
      server.stop(true);
      return reached;
    },
  },
  {
    name: "Bun.serve",
    ask: async () => {
      const server = Bun.serve({ port: 0, fetch: () => new Response(token) });
      const reached = await sidesThatReach({ protocol: "tcp", port: server.port! });
      await server.stop(true);
      return reached;
    },
  },
  {
    name: "Bun.serve, TLS",
    ask: async () => {
      const server = Bun.serve({
        port: 0,
        tls: ownCertificate(),
        fetch: () => new Response(token),
      });
      const reached = await sidesThatReach({ protocol: "tls", port: server.port! });
      await server.stop(true);
      return reached;
    },
  },
  {
    name: "Bun.serve, abstract unix socket",
    ask: async () => {
      const path = freeAbstractName();
      const server = Bun.serve({ unix: path, fetch: () => new Response(token) });
      const reached = await sidesThatReach({ protocol: "tcp", path });
      await server.stop(true);
      return reached;
    },
  },
  {
    name: "Bun.udpSocket, bound",
    ask: async () => {
      const socket = await Bun.udpSocket({
        hostname: address,
        port: 0,
        socket: { data: (own, _, port, peer) => void own.send(token, port, peer) },
      });
      const reached = await sidesThatReach({ protocol: "udp", port: socket.port });
      socket.close();
      return reached;
    },
  },
];

type BunDns = Record<string, (...args: unknown[]) => Promise<unknown[]>>;
const bunDns = () => Bun.dns as unknown as BunDns;

const names: Row[] = [
  ...["default", "c-ares", "libc", "system"].map((backend): Row => ({
    name: `Bun.dns.lookup, ${backend}`,
    ask: async () => {
      const options = backend === "default" ? {} : { backend };
      const [first] = await Bun.dns.lookup(name, options as never);
      return sideOfAddress(first!.address);
    },
  })),
  {
    name: "Bun.dns.resolve",
    ask: async () => {
      const [first] = await bunDns()["resolve"]!(name, "A") as (string | { address: string })[];
      return sideOfAddress(typeof first === "string" ? first : first!.address);
    },
  },
  {
    name: "Bun.dns.resolveTxt",
    ask: async () => String((await bunDns()["resolveTxt"]!("records.test") as string[][])[0]),
  },
  {
    name: "Bun.dns.reverse",
    ask: async () => sideOfHost(String((await bunDns()["reverse"]!("192.0.2.99"))[0])),
  },
  {
    name: "Bun.dns.lookupService",
    ask: async () => sideOfHost(String((await bunDns()["lookupService"]!("192.0.2.99", 80))[0])),
  },
];

const file = "/proc/self/net/tcp";

const children: Row[] = [
  {
    name: "Bun.spawn",
    ask: async () => sideOfSockets(await new Response(Bun.spawn(["cat", file]).stdout).text()),
  },
  {
    name: "Bun.spawnSync",
    ask: () => sideOfSockets(Bun.spawnSync(["cat", file]).stdout.toString()),
  },
  { name: "Bun.$", ask: async () => sideOfSockets(await Bun.$`/bin/cat ${file}`.text()) },
  {
    name: "Bun.$, built-in command",
    ask: async () => sideOfSockets(await Bun.$`cat ${file}`.text()),
  },
  {
    name: "Bun.$, redirection",
    ask: async () => sideOfSockets(await Bun.$`/bin/cat < ${file}`.text()),
  },
];

/** Bun. */
export const bunGroup: Group = {
  title: "Bun",
  rows: [connections, web, servers, names, children].flat().map((row) => ({ ...row, on })),
};
