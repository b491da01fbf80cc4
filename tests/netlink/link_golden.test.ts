import assert from "node:assert/strict";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import type { BridgePort } from "../../src/netlink/link/kinds/bridge_port.ts";
import type { LinkAdd, LinkChanges } from "../../src/netlink/link/link.ts";
import { readLink } from "../../src/netlink/link/link_message.ts";
import type { Links } from "../../src/netlink/link/links.ts";
import { Netlink } from "../../src/netlink/netlink.ts";
import { ack, FakeSocket, frame, type SentMessage } from "../helpers/fake_socket.ts";
import { normalised, received, receivedBy, sentBy } from "../helpers/golden.ts";

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_SETLINK = 19;
const RTM_NEWLINKPROP = 108;
const NLM_F_ECHO = 0x8;

/** `IFLA_LINKINFO` with `IFLA_INFO_DATA` and `IFLA_INFO_SLAVE_DATA`, `IFLA_AF_SPEC`, properties. */
const nests = { 18: { 2: {}, 5: {} }, 26: {}, 52: {}, 12: {} };

/** What `use` sends to a kernel that does everything and has the links that are named. */
async function sent(use: (link: Links) => Promise<unknown>): Promise<SentMessage[]> {
  const socket = new FakeSocket((messages) =>
    messages.flatMap((message) => {
      const body = (writer: { u32(value: number): unknown }) => {
        for (const word of [0, 3, 0, 0]) writer.u32(word);
      };
      const told = message.type === RTM_GETLINK || (message.flags & NLM_F_ECHO) !== 0;
      const reply = frame(RTM_NEWLINK, message.sequence, { body });
      return told ? [reply, ack(message)] : [ack(message)];
    })
  );
  socket.links.set("v0", 3);
  socket.links.set("v1", 2);
  const netlink = new Netlink({
    openSocket: () => socket,
    openNamespace: () => ({ fd: 77, release: () => {} }),
    openSocketToCleanUp: () => socket,
    makeTun: () => "tun0",
    closedError: () => new Error("closed"),
  });
  await use(netlink.link);
  netlink.close();
  return socket.sent.flat();
}

async function sentOf(
  type: number,
  use: (link: Links) => Promise<unknown>,
): Promise<SentMessage> {
  return (await sent(use)).find((message) => message.type === type)!;
}

const zeros = { ttl: "inherit", tos: 0, pmtudisc: true, fwmark: 0, encap: "none" } as const;
const noEncap = { encapSport: 0, encapDport: 0, encapCsum: false } as const;

/** Each new link, and the command of iproute2 that makes it. Its defaults are written out. */
const added: Readonly<Record<string, LinkAdd>> = {
  "ip link add name v0 type veth peer name v1": {
    kind: "veth",
    name: "v0",
    peer: { name: "v1" },
  },
  "ip link add name br0 type bridge ageing_time 1000": {
    kind: "bridge",
    name: "br0",
    ageingTime: 1000,
  },
  "ip link add name br1 type bridge vlan_filtering 1 stp_state 1": {
    kind: "bridge",
    name: "br1",
    vlanFiltering: true,
    stpState: true,
  },
  "ip link add name vx0 type vxlan id 42 dstport 4789 local 10.1.2.3": {
    kind: "vxlan",
    name: "vx0",
    id: 42,
    dstport: 4789,
    local: "10.1.2.3",
    learning: true,
  },
  "ip link add name mv0 link v0 type macvlan mode bridge": {
    kind: "macvlan",
    name: "mv0",
    link: "v0",
    mode: "bridge",
  },
  "ip link add link v0 name mvt0 type macvtap mode bridge": {
    kind: "macvtap",
    name: "mvt0",
    link: "v0",
    mode: "bridge",
  },
  "ip link add name ifb0 type ifb": { kind: "ifb", name: "ifb0" },
  "ip link add name dm0 type dummy": { kind: "dummy", name: "dm0" },
  "ip link add name q0 type nosuch": { kind: "nosuch", name: "q0", attributes: [] },
  "ip link add name dm1 address 02:00:00:00:00:11 mtu 1300 type dummy": {
    kind: "dummy",
    name: "dm1",
    mac: "02:00:00:00:00:11",
    mtu: 1300,
  },
  "ip link add link v0 name v0.5 type vlan id 5": {
    kind: "vlan",
    name: "v0.5",
    link: "v0",
    id: 5,
  },
  "ip link add link v0 name v0.6 type vlan id 6 protocol 802.1ad": {
    kind: "vlan",
    name: "v0.6",
    link: "v0",
    id: 6,
    protocol: "802.1ad",
  },
  "ip link add link v0 name ipv0 type ipvlan mode l3": {
    kind: "ipvlan",
    name: "ipv0",
    link: "v0",
    mode: "l3",
    modeFlag: "bridge",
  },
  "ip link add name wg0 type wireguard": { kind: "wireguard", name: "wg0" },
  "ip link add name bond0 type bond mode active-backup miimon 100": {
    kind: "bond",
    name: "bond0",
    mode: "active-backup",
    miimon: 100,
  },
  "ip link add name vrf0 type vrf table 10": { kind: "vrf", name: "vrf0", table: 10 },
  "ip link add name gn0 type geneve id 7 remote 10.9.9.9": {
    kind: "geneve",
    name: "gn0",
    id: 7,
    remote: "10.9.9.9",
    flowlabel: 0,
    ttl: 0,
    tos: 0,
  },
  "ip link add name gre1 type gretap remote 10.9.9.9 local 10.1.2.3 key 5": {
    kind: "gretap",
    name: "gre1",
    remote: "10.9.9.9",
    local: "10.1.2.3",
    ikey: 5,
    okey: 5,
    ...zeros,
    ...noEncap,
  },
  "ip link add name ipip1 type ipip remote 10.9.9.9 local 10.1.2.3": {
    kind: "ipip",
    name: "ipip1",
    remote: "10.9.9.9",
    local: "10.1.2.3",
    mode: "any",
    dev: null,
    ...zeros,
    ...noEncap,
  },
};

for (const [command, options] of Object.entries(added)) {
  test(`says the same as ${command}`, async () => {
    const expected = sentBy(command, RTM_NEWLINK);
    const ours = await sentOf(RTM_NEWLINK, (link) => link.add(options));
    // The kernel reads attributes in any order. The echo is how the new link is told.
    assert.equal(normalised(ours.bytes, 16, nests), normalised(expected.bytes, 16, nests));
    assert.equal(ours.flags, expected.flags | NLM_F_ECHO);
    assert.equal(ours.bytes.byteLength, expected.bytes.byteLength);
  });
}

/** Changes of the link with the index 3, and the command that makes them. */
const changed: Readonly<Record<string, LinkChanges>> = {
  "ip link set v0 up mtu 1400": { up: true, mtu: 1400 },
  "ip link set v0 alias an alias": { alias: "an alias" },
  "ip link set v0 txqueuelen 500 promisc on allmulticast on": {
    txqueuelen: 500,
    promisc: true,
    allmulticast: true,
  },
  "ip link set v0 name vv0": { name: "vv0" },
};

for (const [command, changes] of Object.entries(changed)) {
  test(`says the same as ${command}`, async () => {
    const expected = sentBy(command, RTM_NEWLINK);
    const ours = await sentOf(RTM_NEWLINK, (link) => link.set(3, changes));
    assert.equal(normalised(ours.bytes, 16, nests), normalised(expected.bytes, 16, nests));
    assert.equal(ours.flags, expected.flags);
  });
}

test("says the same as ip link set v1 master br0", async () => {
  const expected = sentBy("ip link set v1 master br0", RTM_NEWLINK);
  const ours = await sentOf(RTM_NEWLINK, (link) => link.set(2, { master: 4 }));
  assert.equal(normalised(ours.bytes, 16, nests), normalised(expected.bytes, 16, nests));
});

test("says the same as ip link property add", async () => {
  const name = "a-rather-long-alternative-name";
  const expected = sentBy(`ip link property add dev v0 altname ${name}`, RTM_NEWLINKPROP);
  const ours = await sentOf(RTM_NEWLINKPROP, (link) => link.set("v0", { altnames: [name] }));
  // iproute2 asks for NLM_F_APPEND as well, which the kernel does not look at.
  assert.deepEqual(ours.bytes.subarray(16), expected.bytes.subarray(16));
});

test("says the same as bridge vlan add", async () => {
  const expected = sentBy("bridge vlan add dev v1 vid 10 pvid untagged", RTM_SETLINK);
  const ours = await sentOf(
    RTM_SETLINK,
    (link) => link.bridgeVlan.add({ dev: 2, vid: 10, pvid: true, untagged: true }),
  );
  assert.deepEqual(ours.bytes.subarray(16), expected.bytes.subarray(16));
});

test("says of a port what bridge link set does, by the message of ip link set", async () => {
  const expected = sentBy("bridge link set dev v1 hairpin on isolated on", RTM_SETLINK);
  const port: BridgePort = { kind: "bridge", hairpin: true, isolated: true };
  const ours = await sentOf(RTM_NEWLINK, (link) => link.set(2, { port }));
  // IFLA_PROTINFO of AF_BRIDGE and IFLA_INFO_SLAVE_DATA hold the same attributes.
  const there = /12:(\{.*\})\}$/.exec(normalised(expected.bytes, 16, nests))![1];
  const here = /5:(\{.*?\})\}/.exec(normalised(ours.bytes, 16, nests))![1];
  assert.equal(here, there);
  assert.match(here!, /^\{33:01 4:01\}$/);
});

test("reads every link that the kernel told iproute2 of", () => {
  const messages = received(RTM_NEWLINK);
  assert.ok(messages.length > 20, `${messages.length} messages`);
  for (const { bytes } of messages) {
    if (bytes[16] !== 0) continue;
    const link = readLink(new MessageReader(bytes), 16, bytes.byteLength)!;
    assert.notEqual(link.name, "");
    assert.ok(link.index > 0 && link.mtu > 0);
    assert.equal(link.attributes, undefined, `attributes without a name in ${link.name}`);
  }
});

test("reads the links of ip link show as that shows them", () => {
  const links = receivedBy("ip link show", RTM_NEWLINK)
    .map(({ bytes }) => readLink(new MessageReader(bytes), 16, bytes.byteLength)!);
  assert.deepEqual(links.map(({ name, kind }) => [name, kind]), [
    ["lo", undefined],
    ["v1", "veth"],
    ["v0", "veth"],
    ["br0", "bridge"],
    ["vx0", "vxlan"],
    ["mv0", "macvlan"],
    ["ifb0", "ifb"],
  ]);
  const byName = new Map(links.map((link) => [link.name, link]));
  const vxlan = byName.get("vx0")!;
  assert.ok(vxlan.kind === "vxlan");
  const { id, dstport, local, learning, ttl, tos, ageing, maxaddress, gbp } = vxlan;
  assert.deepEqual({ id, dstport, local, learning, ttl, tos, ageing, maxaddress, gbp }, {
    id: 42,
    dstport: 4789,
    local: "10.1.2.3",
    learning: true,
    ttl: 0,
    tos: 0,
    ageing: 300,
    maxaddress: 0,
    gbp: undefined,
  });
  const port = byName.get("v1")!.port!;
  assert.ok(port.kind === "bridge");
  assert.deepEqual([port.state, port.priority, port.cost, port.hairpin], [
    "disabled",
    32,
    2,
    false,
  ]);
  assert.equal(port.rootId, "8000.de:e9:8c:d9:9b:73");
  const bridge = byName.get("br0")!;
  assert.ok(bridge.kind === "bridge");
  assert.deepEqual([bridge.ageingTime, bridge.forwardDelay, bridge.mcastHashMax], [
    1000,
    1500,
    4096,
  ]);
  const macvlan = byName.get("mv0")!;
  assert.ok(macvlan.kind === "macvlan");
  assert.deepEqual([macvlan.mode, macvlan.nopromisc, macvlan.bcqueuelen], ["bridge", false, 1000]);
});
