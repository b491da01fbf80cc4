/**
 * A DNS server at home and one inside listen on the same address, and know the same names with
 * different addresses; the address that a look-up gives tells which one was asked.
 */

import assert from "node:assert/strict";
import dns from "node:dns";
import fs from "node:fs";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import type { DnsOptions } from "../../src/dns/options.ts";
import { dnsServer, type DnsTable, serveDns } from "../helpers/dns_server.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipOn, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const options = { skip: skipUnlessPrivileged() };

/** An address of the loopback interface that no other test uses. */
const server = `127.83.${process.pid >> 8 & 255}.${process.pid & 255}`;

const homeTable: DnsTable = {
  "who.test": { addresses: ["127.0.0.11"] },
  "only-home.test": { addresses: ["127.0.0.11"] },
};

const insideTable: DnsTable = {
  "who.test": { addresses: ["127.0.0.22"] },
  "alias.test": { alias: "who.test" },
  "both.test": { addresses: ["127.0.0.22", "127.0.0.23", "fd00::22"] },
  "six.test": { addresses: ["fd00::6"] },
  "short.corp.test": { addresses: ["127.0.0.33"] },
  "a.b.corp.test": { addresses: ["127.0.0.34"] },
  "a.b": { addresses: ["127.0.0.35"] },
  "fail.test": "SERVFAIL",
  "silent.test": "drop",
  "22.0.0.127.in-addr.arpa": { names: ["who.test"] },
};

/** A namespace with a DNS server inside, and one at home on the same address. */
async function withServers(
  dnsOptions: DnsOptions,
  run: (ns: NetNS) => Promise<void>,
): Promise<void> {
  await serveDns(homeTable, server, 53);
  const ns = NetNS.create({
    dns: { servers: [server], timeout: 5000, attempts: 1, ...dnsOptions },
  });
  try {
    await ns.do(serveDns, insideTable, server, 53);
    await run(ns);
    assert.deepEqual(dnsServer(server).questions, []);
  } finally {
    dnsServer(server).close();
    await ns.close({ force: true });
  }
}

/** What `dns.promises.lookup()` gives inside, or the members of its error. */
async function lookUpHere(name: string, options: dns.LookupOptions): Promise<unknown> {
  const dns = await import("node:dns");
  try {
    return await dns.promises.lookup(name, options);
  } catch (error) {
    const { message, code, errno, syscall, hostname, hint } = error as
      & NodeJS.ErrnoException
      & Record<"hostname" | "hint", unknown>;
    return { message, code, errno, syscall, hostname, ...(hint ? { hint } : {}) };
  }
}

function lookUp(ns: NetNS, name: string, options: dns.LookupOptions = {}): Promise<unknown> {
  return ns.do(lookUpHere, name, options);
}

/** Starts the servers that are to be reached, on an address that only the DNS server inside tells. */
async function serveInside(): Promise<Record<"web" | "tcp" | "udp" | "http2", number>> {
  const { once } = (await import("node:events")).default;
  const net = await import("node:net");
  const http = await import("node:http");
  const http2 = await import("node:http2");
  const dgram = await import("node:dgram");
  const crypto = await import("node:crypto");
  const address = "127.0.0.22";
  const tcp = net.createServer((socket) => socket.end("inside")).listen(0, address);
  const web = http.createServer((_, response) => response.end("inside")).listen(0, address);
  web.on("upgrade", (request, socket) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = crypto.createHash("sha1").update(key).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const text = `inside as ${request.headers.host!.replace(/:.*/, "")}`;
    socket.write(new Uint8Array([0x81, text.length, ...new TextEncoder().encode(text)]));
  });
  const web2 = http2.createServer((_, response) => response.end("inside")).listen(0, address);
  const udp = dgram.createSocket("udp4");
  udp.on("message", (_, peer) => udp.send("inside", peer.port, peer.address));
  udp.bind(0, address);
  await Promise.all([tcp, web, web2, udp].map((one) => once(one, "listening")));
  const port = (one: { address(): unknown }) => (one.address() as { port: number }).port;
  return { web: port(web), tcp: port(tcp), udp: port(udp), http2: port(web2) };
}

/** Who answers each client that connects to `who.test`. */
async function connectByName(
  ports: Awaited<ReturnType<typeof serveInside>>,
): Promise<Record<string, unknown>> {
  const { once } = (await import("node:events")).default;
  const net = await import("node:net");
  const http = await import("node:http");
  const http2 = await import("node:http2");
  const dgram = await import("node:dgram");
  const dns = await import("node:dns");
  const { lookup } = await import("node:dns");
  const { promisify } = await import("node:util");
  const name = "who.test";
  const text = async (stream: AsyncIterable<unknown>) => {
    let all = "";
    for await (const chunk of stream) all += chunk;
    return all;
  };
  const rows: Record<string, () => Promise<unknown>> = {
    "dns.lookup": () =>
      new Promise((resolve, reject) => {
        dns.lookup(name, (error, address) => error ? reject(error) : resolve(address));
      }),
    "dns.promises.lookup": async () => (await dns.promises.lookup(name)).address,
    "promisify(dns.lookup)": async () => (await promisify(dns.lookup)(name)).address,
    "named import of lookup": async () => (await promisify(lookup)(name)).address,
    "dns.promises.resolve4": async () => (await dns.promises.resolve4(name))[0],
    "new dns.promises.Resolver": async () => (await new dns.promises.Resolver().resolve4(name))[0],
    "dns.resolve4": async () => (await promisify(dns.resolve4)(name))[0],
    "net.connect": async () => {
      const [data] = await once(net.connect(ports.tcp, name), "data");
      return String(data);
    },
    "http.get": async () => {
      const [response] = await once(http.get(`http://${name}:${ports.web}/`), "response");
      return await text(response);
    },
    "http.get without agent": async () => {
      const request = http.get({ host: name, port: ports.web, agent: false });
      return await text((await once(request, "response"))[0]);
    },
    "http2.connect": async () => {
      const session = http2.connect(`http://${name}:${ports.http2}`);
      const answer = await text(session.request({ ":path": "/" }));
      session.close();
      return answer;
    },
    "dgram send": async () => {
      const socket = dgram.createSocket("udp4");
      socket.send("who", ports.udp, name);
      const [data] = await once(socket, "message");
      socket.close();
      return String(data);
    },
    "fetch": async () => await (await fetch(`http://${name}:${ports.web}/`)).text(),
  };
  if ("WebSocket" in globalThis) {
    rows["WebSocket"] = () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${name}:${ports.web}/`);
        socket.onmessage = (event) => {
          resolve(event.data);
          socket.close();
        };
        socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
      });
  }
  // deno-lint-ignore no-explicit-any
  const { Bun, Deno } = globalThis as any;
  if (Bun) {
    for (const backend of ["libc", "system", "c-ares"]) {
      rows[`Bun.dns.lookup ${backend}`] = async () =>
        (await Bun.dns.lookup(name, { backend }))[0].address;
    }
    rows["Bun.connect"] = () =>
      new Promise((resolve, reject) => {
        const socket = { data: (_: unknown, data: unknown) => resolve(String(data)) };
        Bun.connect({ hostname: name, port: ports.tcp, socket }).catch(reject);
      });
    rows["Bun.listen"] = () => {
      const listener = Bun.listen({ hostname: "listen.test", port: 0, socket: { data() {} } });
      const socket = net.connect(listener.port, "127.0.0.22");
      return once(socket, "connect").then(() => {
        socket.destroy();
        listener.stop(true);
        return "inside";
      });
    };
  }
  if (Deno) {
    rows["Deno.resolveDns"] = async () => (await Deno.resolveDns(name, "A"))[0];
    rows["Deno.connect"] = async () => {
      const connection = await Deno.connect({ hostname: name, port: ports.tcp });
      return await new Response(connection.readable).text();
    };
  }
  const answers: Record<string, unknown> = {};
  for (const [row, ask] of Object.entries(rows)) {
    const timeout = new Promise((resolve) => setTimeout(resolve, 8000, "no answer").unref?.());
    answers[row] = await Promise.race([
      ask().catch((error: Error) => `${error}: ${error.cause}`),
      timeout,
    ]);
  }
  return answers;
}

leakChecked(
  "every client inside finds a name by the servers of the namespace",
  options,
  async () => {
    // Bun.listen() waits for the look-up on the thread, where the server then cannot answer.
    await withServers({ hosts: { "listen.test": "127.0.0.22" } }, async (ns) => {
      const ports = await ns.do(serveInside);
      const answers = await ns.do(connectByName, ports);
      const expected = Object.fromEntries(
        Object.keys(answers).map((row) => [
          row,
          /dns|lookup/i.test(row)
            ? "127.0.0.22"
            : row === "WebSocket"
            ? "inside as who.test"
            : "inside",
        ]),
      );
      assert.deepEqual(answers, expected);
    });
  },
);

leakChecked("the look-ups of the main thread stay what they are", options, async () => {
  const before = [dns.lookup, dns.promises.lookup, dns.lookupService, dns.Resolver];
  const servers = dns.getServers();
  await withServers({ hosts: { "localhost": "127.0.0.99" } }, async (ns) => {
    assert.deepEqual(await lookUp(ns, "localhost"), { address: "127.0.0.99", family: 4 });
    const home = await dns.promises.lookup("localhost", 4);
    assert.equal(home.address, "127.0.0.1");
    assert.deepEqual(
      [dns.lookup, dns.promises.lookup, dns.lookupService, dns.Resolver],
      before,
    );
    assert.deepEqual(dns.getServers(), servers);
  });
});

leakChecked("errors are those of the runtime", options, async () => {
  const errno = runtime === "bun" ? 4 : -3008;
  const failure = (name: string, code: string, errno: number) => ({
    message: `getaddrinfo ${code} ${name}`,
    ...{ code, errno, syscall: "getaddrinfo", hostname: name },
  });
  await withServers({}, async (ns) => {
    const names = ["nowhere.test", "only-home.test"];
    for (const name of names) {
      assert.deepEqual(await lookUp(ns, name), failure(name, "ENOTFOUND", errno));
    }
    assert.deepEqual(await lookUp(ns, "fail.test"), failure("fail.test", "EAI_AGAIN", -3001));
    const { code } = await lookUp(ns, "six.test", { family: 4 }) as { code: string };
    assert.equal(code, "ENOTFOUND");
  });
  await withServers({ timeout: 1000 }, async (ns) => {
    assert.deepEqual(await lookUp(ns, "silent.test"), failure("silent.test", "EAI_AGAIN", -3001));
  });
});

leakChecked("wrong arguments are refused inside as they are outside", options, async () => {
  async function refusals(): Promise<unknown[]> {
    const dns = await import("node:dns");
    const attempts = [
      () => dns.lookup("who.test", 7, () => {}),
      () => dns.lookup("who.test", { hints: 1 }, () => {}),
      () => dns.lookup("who.test", undefined as never),
      () => dns.lookup(5 as never, () => {}),
      () => dns.promises.lookup("who.test", { family: 7 }),
      () => dns.promises.lookup("who.test", { all: 1 as never }),
      () => dns.lookupService("who.test", 1, () => {}),
      () => dns.lookupService("127.0.0.1", 70000, () => {}),
    ];
    return await Promise.all(attempts.map(async (attempt) => {
      try {
        await attempt();
        return "accepted";
      } catch (error) {
        const { name, code, message } = error as NodeJS.ErrnoException;
        return [name, code, message];
      }
    }));
  }
  const ns = NetNS.create();
  assert.deepEqual(await ns.do(refusals), await refusals());
  await ns.close();
});

leakChecked("family, all and order choose among the addresses", options, async () => {
  await withServers({}, async (ns) => {
    const [one, two] = ["127.0.0.22", "127.0.0.23"].map((address) => ({ address, family: 4 }));
    const six = { address: "fd00::22", family: 6 };
    const look = (options: dns.LookupOptions) => lookUp(ns, "both.test", options);
    const ordered = async (order: "ipv4first" | "ipv6first") =>
      (await look({ all: true, order }) as dns.LookupAddress[]).map(({ family }) => family);
    assert.deepEqual(await look({ family: 6 }), six);
    assert.deepEqual(await look({ family: 6, all: true }), [six]);
    const fours = await look({ family: 4, all: true }) as dns.LookupAddress[];
    assert.deepEqual(fours.sort((a, b) => a.address < b.address ? -1 : 1), [one, two]);
    assert.deepEqual(await ordered("ipv4first"), [4, 4, 6]);
    assert.deepEqual(await ordered("ipv6first"), [6, 4, 4]);
    assert.deepEqual(await lookUp(ns, "six.test", { all: true }), [{
      address: "fd00::6",
      family: 6,
    }]);
  });
});

leakChecked("the hints map addresses, and leave out what is not configured", {
  skip: skipAny(options.skip, skipOn("deno", "Deno takes the hints for others")),
}, async () => {
  await withServers({}, async (ns) => {
    const { V4MAPPED, ALL, ADDRCONFIG } = dns;
    const mapped = { address: "::ffff:127.0.0.22", family: 6 };
    assert.deepEqual(await lookUp(ns, "who.test", { family: 6, hints: V4MAPPED }), mapped);
    const both = { family: 6, hints: V4MAPPED, all: true };
    assert.deepEqual(await lookUp(ns, "both.test", both), [{ address: "fd00::22", family: 6 }]);
    const all = await lookUp(ns, "both.test", { ...both, hints: V4MAPPED | ALL });
    assert.equal((all as unknown[]).length, 3);
    // With loopback addresses alone, both families are looked for, but not one by itself.
    const six = { address: "fd00::6", family: 6 };
    assert.deepEqual(await lookUp(ns, "six.test", { hints: ADDRCONFIG }), six);
    const one = await lookUp(ns, "six.test", { hints: ADDRCONFIG, family: 6 });
    assert.equal((one as { code: string }).code, "ENOTFOUND");
  });
});

leakChecked("search and ndots complete names with few dots", options, async () => {
  await withServers({ search: ["nowhere.test", "corp.test"], ndots: 2 }, async (ns) => {
    const address = async (name: string) => (await lookUp(ns, name) as { address: string }).address;
    assert.equal(await address("short"), "127.0.0.33");
    assert.equal(await address("a.b"), "127.0.0.34");
    assert.equal(await address("a.b."), "127.0.0.35");
    assert.equal(await address("who.test"), "127.0.0.22");
    assert.equal(await address("alias.test"), "127.0.0.22");
  });
});

leakChecked("hosts come before the servers", options, async () => {
  const hosts = { "Who.Test": ["127.0.0.44", "fd00::44"], "db": "127.0.0.45" };
  await withServers({ hosts }, async (ns) => {
    const addresses = await lookUp(ns, "who.test", { all: true }) as dns.LookupAddress[];
    assert.deepEqual(addresses.map(({ address }) => address).sort(), ["127.0.0.44", "fd00::44"]);
    assert.deepEqual(await lookUp(ns, "db"), { address: "127.0.0.45", family: 4 });
    assert.deepEqual(await lookUp(ns, "alias.test"), { address: "127.0.0.22", family: 4 });
    assert.deepEqual(await lookUp(ns, "localhost", { family: 4 }), {
      address: "127.0.0.1",
      family: 4,
    });
  });
});

leakChecked("names below localhost are on the loopback interface", {
  skip: skipAny(options.skip, skipOn("deno", "getaddrinfo(3) asks the server for them")),
}, async () => {
  const ns = NetNS.create();
  assert.deepEqual(await lookUp(ns, "one.localhost", { family: 4 }), {
    address: "127.0.0.1",
    family: 4,
  });
  assert.deepEqual(await lookUp(ns, "127.1"), { address: "127.0.0.1", family: 4 });
  await ns.close();
});

leakChecked("addresses are looked up in the namespace too", options, async () => {
  await withServers({}, async (ns) => {
    const service = await ns.do(async () => {
      const dns = await import("node:dns");
      return await dns.promises.lookupService("127.0.0.22", 65000);
    });
    assert.deepEqual(service, { hostname: "who.test", service: "65000" });
  });
});

leakChecked("servers may listen on another port", {
  skip: skipAny(options.skip, skipOn("deno", "Deno refuses ports")),
}, async () => {
  const ns = NetNS.create({
    dns: { servers: ["127.0.0.1:5353", "[::1]:5354"], timeout: 5000, attempts: 1 },
  });
  try {
    await ns.do(serveDns, { "four.test": { addresses: ["127.0.0.4"] } }, "127.0.0.1", 5353);
    assert.deepEqual(await lookUp(ns, "four.test"), { address: "127.0.0.4", family: 4 });
    const resolved = await ns.do(async () => {
      const dns = await import("node:dns");
      return [
        dns.getServers(),
        new dns.Resolver().getServers(),
        await dns.promises.resolve4("four.test"),
      ];
    });
    const servers = ["127.0.0.1:5353", "[::1]:5354"];
    assert.deepEqual(resolved, [servers, servers, ["127.0.0.4"]]);
  } finally {
    await ns.close({ force: true });
  }
});

leakChecked("a server that does not answer is followed by the next one", options, async () => {
  await withServers({ servers: ["127.0.0.9", server], timeout: 1000 }, async (ns) => {
    assert.deepEqual(await lookUp(ns, "who.test"), { address: "127.0.0.22", family: 4 });
  });
});

leakChecked("children of the thread use the servers of the namespace", {
  skip: skipAny(options.skip, skipWithout({ command: "getent" })),
}, async () => {
  await withServers({ hosts: { "db.test": "127.0.0.45" } }, async (ns) => {
    const found = await ns.do(async () => {
      const { execFile } = await import("node:child_process");
      const { promisify } = await import("node:util");
      const get = async (name: string) =>
        (await promisify(execFile)("getent", ["ahosts", name])).stdout.split(/\s/)[0];
      return [await get("who.test"), await get("db.test")];
    });
    assert.deepEqual(found, ["127.0.0.22", "127.0.0.45"]);
  });
});

leakChecked("the files of the host stay as they are, on every thread but that of the handle", {
  ...options,
}, async () => {
  const before = fs.readFileSync("/etc/resolv.conf", "utf8");
  const mounts = (path: string) => fs.readlinkSync(`${path}/ns/mnt`);
  await withServers({}, async (ns) => {
    await lookUp(ns, "who.test");
    assert.equal(fs.readFileSync("/etc/resolv.conf", "utf8"), before);
    const home = mounts("/proc/self");
    for (const tid of fs.readdirSync("/proc/self/task")) {
      const task = `/proc/self/task/${tid}`;
      const network = fs.readlinkSync(`${task}/ns/net`);
      const isHome = network === fs.readlinkSync("/proc/self/ns/net");
      if (isHome) assert.equal(mounts(task), home, task);
      if (network === `net:[${ns.inode}]`) assert.notEqual(mounts(task), home, task);
    }
  });
});

leakChecked("without the option, the files of the name or the host apply", {
  skip: skipAny(options.skip, skipWithout({ command: "unshare" })),
}, async () => {
  await inTemporaryDirectory(async (directory) => {
    // A copy of /etc for one process: the host's resolver is one on its loopback interface.
    const script = `set -e
      mount -t tmpfs none "$0"
      cp -a /etc/. "$0" 2> /dev/null || true
      mkdir -p "$0/netns/blue" "$0/netns/green"
      rm -f "$0/resolv.conf" "$0/hosts"
      printf 'nameserver 127.0.0.53\nsearch host.test\n' > "$0/resolv.conf"
      printf '127.0.0.60 of-host.test\n' > "$0/hosts"
      printf 'nameserver 127.0.0.63\n' > "$0/netns/blue/resolv.conf"
      printf '127.0.0.61 of-blue.test\n' > "$0/netns/blue/hosts"
      printf '127.0.0.62 of-green.test\n' > "$0/netns/green/hosts"
      mount --bind "$0" /etc
      mount -t tmpfs none /run
      exec "$@"`;
    const fixture = new URL("../fixtures/names_of_files.ts", import.meta.url);
    const { stdout, stderr, exitCode } = await runScript(fixture, {
      prefix: ["unshare", "-m", "sh", "-c", script, directory],
      args: [directory],
      ...(runtime === "deno" && { flags: ["--allow-ffi", "--allow-net"] }),
    });
    assert.deepEqual([stderr, exitCode], ["", 0]);
    const hint = "127.0.0.53 of /etc/resolv.conf is a resolver on the loopback interface of the " +
      "host, which cannot be reached from inside: pass { dns: { servers } } where the handle is made";
    const unreachable = (name: string, explained: boolean) => ({
      message: `getaddrinfo EAI_AGAIN ${name}` +
        (explained ? ": no DNS server answers at 127.0.0.53 inside the network namespace" : ""),
      ...(explained ? { hint } : {}),
    });
    const host = {
      "of-host.test": "127.0.0.60",
      "of-blue.test": unreachable("of-blue.test", true),
      "of-green.test": unreachable("of-green.test", true),
    };
    assert.deepEqual(JSON.parse(stdout), {
      blue: {
        "of-host.test": unreachable("of-host.test", false),
        "of-blue.test": "127.0.0.61",
        "of-green.test": unreachable("of-green.test", false),
      },
      green: {
        "of-host.test": unreachable("of-host.test", true),
        "of-blue.test": unreachable("of-blue.test", true),
        "of-green.test": "127.0.0.62",
      },
      "blue of another directory": host,
      "no name": host,
      "blue with the option": {
        "of-host.test": "127.0.0.70",
        "of-blue.test": "127.0.0.61",
        "of-green.test": unreachable("of-green.test", false),
      },
    });
  });
});

leakChecked("clients of Bun that cannot be made to look a name up inside refuse it", {
  skip: skipAny(options.skip, skipOn(["node-koffi", "node-ffi", "deno"], "clients of Bun")),
}, async () => {
  const ns = NetNS.create();
  const codes = await ns.do(async () => {
    const { default: WsPackage } = await import("ws" as string);
    // deno-lint-ignore no-explicit-any
    const { Bun } = globalThis as any;
    const attempts = [
      () => new Bun.RedisClient("redis://who.test"),
      () => new Bun.RedisClient("redis://127.0.0.1"),
      () => new Bun.SQL("postgres://who.test/db"),
      () => new Bun.SQL({ hostname: "who.test", adapter: "mysql" }),
      () => new Bun.SQL("postgres://127.0.0.1/db"),
      () => new Bun.SQL("sqlite://:memory:"),
      () => new WsPackage("ws://who.test"),
      () => new WsPackage("ws://127.0.0.1").on("error", () => {}).url,
      () => new WebSocket("ws://127.0.0.1", { proxy: "http://who.test" } as never),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return "made";
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
  });
  const refused = "ERR_NETNS_NOT_CONTAINED";
  assert.deepEqual(codes, [
    ...[refused, "made", refused, refused, "made", "made"],
    ...[refused, "made", refused],
  ]);
  await ns.close();
});
