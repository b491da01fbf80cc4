/**
 * What the servers at home and the servers inside have in common, and what tells them apart.
 *
 * @module
 */

/** Where an answer comes from. */
export type Side = "home" | "ns";

/** The sides. */
export const sides: readonly Side[] = ["home", "ns"];

/** The address on which both sides have the same servers. */
export const address = "127.0.0.1";

/** The name that the DNS server of each side gives its own address for. */
export const name = "who.test";

/** The ports of the servers, on each side the same. */
export const ports = {
  tcp: 4001,
  udp: 4002,
  http: 4003,
  https: 4004,
  http2: 4005,
  http2s: 4006,
  tls: 4007,
  redis: 4008,
  postgres: 4009,
  mysql: 4010,
} as const;

/** An abstract unix socket. */
export const abstractName: string = "\0netns-who";

/** One of an HTTP server. */
export const abstractHttpName: string = "\0netns-who-http";

/** What is different on each side. */
export const marks: Readonly<
  Record<Side, {
    /** What the DNS server gives for the name; the servers listen there too. */
    address: string;
    address6: string;
    /** A port on which only this side listens. */
    port: number;
    /** An address of the loopback interface. */
    interfaceAddress: string;
    /** The MTU of the loopback interface. */
    mtu: number;
    /** The kernel parameter net.ipv4.ip_default_ttl. */
    ttl: number;
  }>
> = {
  home: {
    address: "127.0.0.11",
    address6: "fd00::11",
    port: 4111,
    interfaceAddress: "10.83.0.11",
    mtu: 60011,
    ttl: 111,
  },
  ns: {
    address: "127.0.0.22",
    address6: "fd00::22",
    port: 4122,
    interfaceAddress: "10.83.0.22",
    mtu: 60022,
    ttl: 122,
  },
};

/** What a server of one side says to a client that reached it at an address. */
export function answerAt(
  side: Side,
  local: string | undefined,
): Side | `${Side} by a name of ${Side}` {
  const other = side === "home" ? "ns" : "home";
  return local?.endsWith(marks[other].address) ? `${side} by a name of ${other}` : side;
}

/** Which side a text is from, by a mark that it contains. */
export function sideOf(text: string, mark: (side: Side) => string | number): string {
  const found = sides.filter((side) => text.includes(String(mark(side))));
  return found.length === 1 ? found[0]! : `no side's: ${JSON.stringify(text.slice(0, 200))}`;
}
