/**
 * Deno's own APIs.
 *
 * @module
 */

import { abstractName, address, ports } from "../places.ts";
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

const on = ["deno"] as const;

async function greetingOf(connecting: Promise<Deno.Conn>): Promise<string> {
  const connection = await connecting;
  const greeting = new Uint8Array(64);
  const length = await connection.read(greeting);
  connection.close();
  return new TextDecoder().decode(greeting.subarray(0, length ?? 0));
}

const caCerts = () => [certificateAuthority()];

async function fetchBy(options: object, input: string): Promise<string> {
  const client = Deno.createHttpClient(options as Deno.CreateHttpClientOptions);
  const text = await (await fetch(input, { client } as RequestInit)).text();
  client.close();
  return text;
}

const connections: Row[] = [
  {
    name: "Deno.connect, by address",
    ask: () => greetingOf(Deno.connect({ hostname: address, port: ports.tcp })),
  },
  {
    name: "Deno.connect, localhost",
    ask: () => greetingOf(Deno.connect({ hostname: "localhost", port: ports.tcp })),
  },
  {
    name: "Deno.connect, by name",
    ask: () => greetingOf(Deno.connect({ hostname: name, port: ports.tcp })),
  },
  {
    name: "Deno.connect, abstract unix socket",
    ask: () => greetingOf(Deno.connect({ transport: "unix", path: abstractName })),
  },
  {
    name: "Deno.connectTls, by address",
    ask: () =>
      greetingOf(Deno.connectTls({ hostname: address, port: ports.tls, caCerts: caCerts() })),
  },
  {
    name: "Deno.connectTls, by name",
    ask: () => greetingOf(Deno.connectTls({ hostname: name, port: ports.tls, caCerts: caCerts() })),
  },
  {
    name: "Deno.startTls",
    ask: async () => {
      const plain = await Deno.connect({ hostname: name, port: ports.tls });
      return await greetingOf(Deno.startTls(plain, { hostname: name, caCerts: caCerts() }));
    },
  },
  {
    name: "Deno.listenDatagram, send by address",
    ask: async () => {
      const socket = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
      await socket.send(new TextEncoder().encode("who"), {
        transport: "udp",
        hostname: address,
        port: ports.udp,
      });
      const [answer] = await socket.receive();
      socket.close();
      return new TextDecoder().decode(answer);
    },
  },
  {
    name: "Deno.listenDatagram, send by name",
    ask: async () => {
      const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
      await socket.send(new TextEncoder().encode("who"), {
        transport: "udp",
        hostname: name,
        port: ports.udp,
      });
      const [answer] = await socket.receive();
      socket.close();
      return new TextDecoder().decode(answer);
    },
  },
  {
    name: "Deno.createHttpClient",
    ask: async () => {
      return await fetchBy({ caCerts: caCerts() }, url("https", name));
    },
  },
  {
    name: "Deno.createHttpClient, http2",
    ask: async () => {
      const options = { caCerts: caCerts(), http1: false, http2: true };
      return await fetchBy(options, `https://${name}:${ports.http2s}/`);
    },
  },
];

async function serving(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) {
    await connection.read(new Uint8Array(64));
    await connection.write(new TextEncoder().encode(token));
    connection.close();
  }
}

const modules: Row[] = [
  {
    name: 'import("http:...") of a module that is not cached',
    ask: async () => {
      const module = await import(url("http", address, `/module?${Math.random()}`));
      return (module as { default: string }).default;
    },
  },
];

const portOf = (server: { addr: Deno.Addr }) => (server.addr as Deno.NetAddr).port;

const servers: Row[] = [
  {
    name: "Deno.listen",
    ask: async () => {
      const listener = Deno.listen({ port: 0 });
      serving(listener).catch(() => {});
      const reached = await sidesThatReach({ protocol: "tcp", port: portOf(listener) });
      listener.close();
      return reached;
    },
  },
  {
    name: "Deno.listen, abstract unix socket",
    ask: async () => {
      const path = freeAbstractName();
      const listener = Deno.listen({ transport: "unix", path });
      serving(listener).catch(() => {});
      const reached = await sidesThatReach({ protocol: "tcp", path });
      listener.close();
      return reached;
    },
  },
  {
    name: "Deno.listenTls",
    ask: async () => {
      const listener = Deno.listenTls({ port: 0, hostname: address, ...ownCertificate() });
      serving(listener).catch(() => {});
      const reached = await sidesThatReach({ protocol: "tls", port: portOf(listener) });
      listener.close();
      return reached;
    },
  },
  {
    name: "Deno.serve",
    ask: async () => {
      const server = Deno.serve({ port: 0, onListen: () => {} }, () => new Response(token));
      const reached = await sidesThatReach({ protocol: "tcp", port: portOf(server) });
      await server.shutdown();
      return reached;
    },
  },
  {
    name: "Deno.serve, TLS",
    ask: async () => {
      const options = { port: 0, onListen: () => {}, ...ownCertificate() };
      const server = Deno.serve(options, () => new Response(token));
      const reached = await sidesThatReach({ protocol: "tls", port: portOf(server) });
      await server.shutdown();
      return reached;
    },
  },
  {
    name: "Deno.listenDatagram, bound",
    ask: async () => {
      const socket = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
      (async () => {
        for await (const [, peer] of socket) {
          await socket.send(new TextEncoder().encode(token), peer);
        }
      })().catch(() => {});
      const reached = await sidesThatReach({ protocol: "udp", port: portOf(socket) });
      socket.close();
      return reached;
    },
  },
];

const names: Row[] = [
  {
    name: "Deno.resolveDns, A",
    ask: async () => sideOfAddress((await Deno.resolveDns(name, "A"))[0]!),
  },
  {
    name: "Deno.resolveDns, AAAA",
    ask: async () => sideOfAddress((await Deno.resolveDns("records.test", "AAAA"))[0]!),
  },
  {
    name: "Deno.resolveDns, MX",
    ask: async () => sideOfHost((await Deno.resolveDns("records.test", "MX"))[0]!.exchange),
  },
  {
    name: "Deno.resolveDns, TXT",
    ask: async () => String((await Deno.resolveDns("records.test", "TXT"))[0]),
  },
  {
    name: "Deno.resolveDns, SRV",
    ask: async () => sideOfHost((await Deno.resolveDns("records.test", "SRV"))[0]!.target),
  },
  {
    name: "Deno.resolveDns, nameServer",
    ask: async () => {
      const nameServer = { ipAddr: address, port: 53 };
      return sideOfAddress((await Deno.resolveDns(name, "A", { nameServer }))[0]!);
    },
  },
];

const file = "/proc/self/net/tcp";
const decode = (bytes: Uint8Array) => sideOfSockets(new TextDecoder().decode(bytes));
const command = () => new Deno.Command("cat", { args: [file], stdout: "piped" });

const children: Row[] = [
  { name: "Deno.Command.output", ask: async () => decode((await command().output()).stdout) },
  { name: "Deno.Command.outputSync", ask: () => decode(command().outputSync().stdout) },
  {
    name: "Deno.Command.spawn",
    ask: async () => decode((await command().spawn().output()).stdout),
  },
];

/** Deno. */
export const denoGroup: Group = {
  title: "Deno",
  rows: [connections, servers, modules, names, children].flat().map((row) => ({ ...row, on })),
};
