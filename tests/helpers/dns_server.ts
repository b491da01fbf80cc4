/**
 * A DNS server that answers from a table. The function is sent into namespaces as text, so it
 * imports what it needs itself.
 *
 * @module
 */

/**
 * What is known of a name: addresses, names of addresses, an alias, or what happens to questions for it:
 * `SERVFAIL`, or `drop`. A name that is not in the table is answered with `NXDOMAIN`.
 */
export type DnsRecord =
  | { addresses: readonly string[] }
  | { names: readonly string[] }
  | { alias: string }
  | "SERVFAIL"
  | "drop";

/** The names that a server knows, in lower case. */
export type DnsTable = Readonly<Record<string, DnsRecord>>;

/** A server that runs, as it is known where it runs: `globalThis.dnsServers`, by address and port. */
export interface DnsServer {
  /** The names that were asked for, in order. */
  questions: string[];
  close(): void;
}

/** Starts a server where the function runs; resolves with its port. */
export async function serveDns(table: DnsTable, address: string, port: number): Promise<number> {
  const dgram = await import("node:dgram");
  const { Buffer } = await import("node:buffer");
  const { isIPv4, isIPv6 } = await import("node:net");

  const [A, CNAME, PTR, AAAA] = [1, 5, 12, 28];
  const encodeName = (name: string) =>
    Buffer.concat([
      ...name.split(".").map((label) =>
        Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])
      ),
      Buffer.from([0]),
    ]);
  const encodeAddress = (address: string) => {
    if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
    const [head = "", tail = ""] = address.split("::");
    const groups = (text: string) => text === "" ? [] : text.split(":");
    const zeros = 8 - groups(head).length - groups(tail).length;
    const all = [...groups(head), ...Array(zeros).fill("0"), ...groups(tail)];
    return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
  };
  const record = (name: string, type: number, data: Uint8Array) => {
    const fixed = Buffer.alloc(10);
    fixed.writeUInt16BE(type, 0);
    fixed.writeUInt16BE(1, 2);
    fixed.writeUInt32BE(0, 4);
    fixed.writeUInt16BE(data.length, 8);
    return Buffer.concat([encodeName(name), fixed, data]);
  };
  const records = (name: string, type: number): Uint8Array[] | "SERVFAIL" | "NXDOMAIN" | "drop" => {
    const known = table[name];
    if (known === undefined) return "NXDOMAIN";
    if (typeof known === "string") return known;
    if ("alias" in known) {
      const rest = records(known.alias, type);
      const alias = record(name, CNAME!, encodeName(known.alias));
      return typeof rest === "string" ? rest : [alias, ...rest];
    }
    if ("names" in known) {
      return type === PTR ? known.names.map((one) => record(name, type, encodeName(one))) : [];
    }
    return known.addresses
      .filter((one) => type === A ? isIPv4(one) : type === AAAA && isIPv6(one))
      .map((one) => record(name, type, encodeAddress(one)));
  };

  const socket = dgram.createSocket(isIPv4(address) ? "udp4" : "udp6");
  const questions: string[] = [];
  socket.on("message", (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (; query[at] !== 0; at += 1 + query[at]!) {
      labels.push(query.subarray(at + 1, at + 1 + query[at]!).toString());
    }
    const name = labels.join(".").toLowerCase();
    questions.push(name);
    const answers = records(name, query.readUInt16BE(at + 1));
    if (answers === "drop") return;
    const header = Buffer.from(query.subarray(0, 12));
    const failed = typeof answers === "string";
    header.writeUInt16BE(0x8180 | (!failed ? 0 : answers === "SERVFAIL" ? 2 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(failed ? 0 : answers.length, 6);
    header.writeUInt32BE(0, 8);
    const question = query.subarray(12, at + 5);
    socket.send(
      Buffer.concat([header, question, ...failed ? [] : answers]),
      peer.port,
      peer.address,
    );
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port, address, exclusive: true }, resolve);
  });
  const global = globalThis as { dnsServers?: Map<string, DnsServer> };
  const bound = socket.address().port;
  global.dnsServers ??= new Map();
  global.dnsServers.set(`${address}:${bound}`, { questions, close: () => socket.close() });
  return bound;
}

/** A server that this thread started. */
export function dnsServer(address: string, port = 53): DnsServer {
  const { dnsServers } = globalThis as unknown as { dnsServers: Map<string, DnsServer> };
  return dnsServers.get(`${address}:${port}`)!;
}
