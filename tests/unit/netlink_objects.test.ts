import assert from "node:assert/strict";
import fc from "fast-check";
import test from "node:test";
import { isNetNSError } from "../../src/errors.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { readAddress } from "../../src/netlink/addr/address_message.ts";
import { readFdbEntry } from "../../src/netlink/fdb/fdb_message.ts";
import { readLink } from "../../src/netlink/link/link_message.ts";
import { readNeighbour } from "../../src/netlink/neigh/neighbour_message.ts";
import { readNsid } from "../../src/netlink/nsid/nsid_message.ts";
import { readRoute } from "../../src/netlink/route/route_message.ts";
import { readRule } from "../../src/netlink/rule/rule_message.ts";
import { readAnyFilter } from "../../src/netlink/tc/filter_message.ts";
import { readQdisc, readTrafficClass } from "../../src/netlink/tc/qdisc_message.ts";
import { goldenVectors, messagesIn } from "../helpers/golden.ts";

type Read = (reader: MessageReader, start: number, end: number) => unknown;

interface Target {
  readonly name: string;
  /** `RTM_NEW*`. */
  readonly type: number;
  /** The length of the fixed header, and the family that may stand first in it. */
  readonly header: number;
  readonly family: number;
  readonly read: Read;
}

const targets: readonly Target[] = [
  { name: "link", type: 16, header: 16, family: 0, read: readLink },
  { name: "addr", type: 20, header: 8, family: 2, read: readAddress },
  { name: "route", type: 24, header: 12, family: 10, read: readRoute },
  { name: "rule", type: 32, header: 12, family: 2, read: readRule },
  { name: "neigh", type: 28, header: 12, family: 10, read: readNeighbour },
  { name: "fdb", type: 28, header: 12, family: 7, read: readFdbEntry },
  { name: "nsid", type: 88, header: 4, family: 0, read: readNsid },
  { name: "qdisc", type: 36, header: 20, family: 0, read: readQdisc },
  { name: "class", type: 40, header: 20, family: 0, read: readTrafficClass },
  { name: "filter", type: 44, header: 20, family: 0, read: readAnyFilter },
];

/** Of each target; 10^5 of all. */
const RUNS = 5000;

const kinds = [
  ...["veth", "bridge", "vlan", "vxlan", "gre", "ip6gre", "bond", "vrf", "tun", "netkit", "geneve"],
  ...["htb", "tbf", "netem", "fq_codel", "hfsc", "prio", "fq", "u32", "matchall", "flower", "fw"],
  ...["mirred", "gact", "police", "constructor", "__proto__"],
];

/** An attribute as bytes. */
function attribute(type: number, payload: readonly number[]): number[] {
  const bytes = [payload.length + 4 & 255, payload.length + 4 >> 8, type & 255, type >> 8];
  bytes.push(...payload);
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

const byte = fc.integer({ min: 0, max: 255 });
const payload = fc.oneof(
  fc.array(byte, { maxLength: 24 }),
  fc.constantFrom(...kinds).map((kind) => [...new TextEncoder().encode(kind), 0]),
  fc.constantFrom(4, 8, 16).chain((length) =>
    fc.array(byte, { minLength: length, maxLength: length })
  ),
);
const leaf = fc.tuple(fc.integer({ min: 0, max: 70 }), payload)
  .map(([type, bytes]) => attribute(type, bytes));
const leaves = fc.array(leaf, { maxLength: 4 }).map((list) => list.flat());
const nest = fc.tuple(fc.constantFrom(1, 2, 4, 5, 8, 9, 18, 26, 0x8002, 0x8012), leaves)
  .map(([type, bytes]) => attribute(type, bytes));
/** A kind with its options, as links have it in a nest and traffic control at the top. */
const kinded = fc.tuple(fc.constantFrom(...kinds), fc.array(fc.oneof(leaf, nest), { maxLength: 4 }))
  .map(([kind, options]) => [
    ...attribute(1, [...new TextEncoder().encode(kind), 0]),
    ...attribute(2, options.flat()),
  ]);
const body = fc.array(
  fc.oneof(leaf, nest, kinded, kinded.map((bytes) => attribute(18, bytes))),
  { maxLength: 4 },
).map((list) => list.flat());

/** What messages of a target have after `struct nlmsghdr`, as recorded. */
function recorded({ type, family, name }: Target): Uint8Array[] {
  return goldenVectors.flatMap(({ tx, rx }) => [...tx, ...rx].flatMap(messagesIn))
    .filter((one) => one.type === type && (name !== "fdb" || one.bytes[16] === family))
    .map(({ bytes }) => bytes.slice(16));
}

/** Reads a message; true when it is an object, false when it is refused or none. */
function reads({ read, name }: Target, bytes: Uint8Array): boolean {
  let object: unknown;
  try {
    object = read(new MessageReader(bytes), 0, bytes.byteLength);
  } catch (error) {
    assert.ok(isNetNSError(error) && error.code === "EBADMSG", `${name}: ${String(error)}`);
    return false;
  }
  if (object === undefined) return false;
  if (typeof object === "object") {
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
  }
  return true;
}

for (const target of targets) {
  test(`whatever bytes are a ${target.name} or refused as none`, () => {
    let count = 0;
    const header = fc.array(byte, { minLength: target.header - 1, maxLength: target.header - 1 });
    const first = fc.oneof({ weight: 9, arbitrary: fc.constant(target.family) }, byte);
    const cut = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(40));
    fc.assert(
      fc.property(first, header, body, cut, (family, rest, attributes, less) => {
        const bytes = Uint8Array.from([family, ...rest, ...attributes]);
        if (reads(target, bytes.slice(0, Math.max(0, bytes.byteLength - less)))) count++;
      }),
      { numRuns: RUNS },
    );
    assert.ok(count > RUNS / 20, `${count} were read`);
    assert.deepEqual(Object.keys(Object.prototype), []);
  });

  test(`a ${target.name} whose bytes were changed is read or refused`, () => {
    const messages = recorded(target);
    // Of these only requests were recorded.
    if (target.name === "nsid") messages.push(Uint8Array.of(0, 0, 0, 0, 8, 0, 1, 0, 7, 0, 0, 0));
    let count = 0;
    for (const message of messages) if (reads(target, message)) count++;
    assert.ok(count > 0, "none of those that were recorded is read");
    const change = fc.tuple(fc.nat(), byte);
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (message, changes) => {
          const bytes = message.slice();
          for (const [at, value] of changes) bytes[at % bytes.byteLength] = value;
          reads(target, bytes);
        },
      ),
      { numRuns: RUNS },
    );
  });
}
