import assert from "node:assert/strict";
import test from "node:test";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import type { Netlink } from "../../src/netlink/netlink.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";

/** Requires that a call is refused before anything is sent. */
async function refused(
  call: (netlink: Netlink) => Promise<unknown>,
  error: { name: string; message?: RegExp },
): Promise<void> {
  const { netlink, sent } = fakeNetlink({ e0: 2 });
  await assert.rejects(() => call(netlink), error);
  assert.deepEqual(sent(), []);
  await netlink.close();
}

test("an attribute may be as long as its length can tell, and no longer", () => {
  const filled = (length: number) => {
    const writer = new MessageWriter(16, 0);
    const start = writer.begin(1);
    return writer.bytes(new Uint8Array(length)).end(start, "options.data");
  };
  const longest = filled(65_531);
  assert.equal(longest.length, 16 + 65_536);
  assert.deepEqual([...longest.finish().subarray(16, 18)], [0xff, 0xff]);
  assert.throws(() => filled(65_532), { name: "RangeError", message: /^options\.data / });
});

test("what does not fit an attribute is refused, and the option named", async () => {
  const data = new Uint8Array(65_532);
  await refused(
    ({ link }) => link.set("e0", { attributes: [{ type: 0x7f, data }] }),
    { name: "RangeError", message: /^changes\.attributes\[0\] / },
  );
  const altnames = Array.from({ length: 600 }, (_, index) => `${index}`.padEnd(120, "x"));
  await refused(
    ({ link }) => link.set("e0", { altnames }),
    { name: "RangeError", message: /^changes\.altnames / },
  );
  await refused(
    ({ link }) => link.add({ kind: "ifb", name: "e1", altnames }),
    { name: "RangeError", message: /^options\.altnames / },
  );
  const nexthops = Array.from({ length: 4098 }, () => ({ via: "10.0.0.1" }));
  await refused(
    ({ route }) => route.add({ dst: "10.82.0.0/16", nexthops }),
    { name: "RangeError", message: /^options\.nexthops / },
  );
  const encap = new Uint8Array(65_520);
  await refused(
    ({ route }) => route.add({ dst: "10.82.0.0/16", nexthops: [{ encap }, { encap }] }),
    { name: "RangeError", message: /^options\.nexthops/ },
  );
});

test("a rule of which nothing is told is neither added nor removed", async () => {
  const error = { name: "TypeError", message: /^options must tell more of the rule/ };
  for (
    const options of [{}, { priority: undefined }, { family: "inet6" }, { not: true }] as const
  ) {
    await refused(({ rule }) => rule.add(options), error);
    await refused(({ rule }) => rule.del(options), error);
  }
  for (const from of ["all", "default", "0.0.0.0/0"]) {
    await refused(({ rule }) => rule.del({ from, table: 0 }), error);
  }
  const { netlink, sent } = fakeNetlink();
  await netlink.rule.del({ priority: 0 });
  await netlink.rule.del({ to: "10.0.0.0/8" });
  await netlink.rule.add({ from: "all" });
  assert.equal(sent().length, 3);
  await netlink.close();
});

test("the name of a link with a NUL or half a character is refused wherever it stands", async () => {
  for (const dev of ["e0\0x", "e0\ud800", "e0\0".padEnd(20, "x"), "x".repeat(128)]) {
    const error = { name: "RangeError" };
    await refused(({ addr }) => addr.add({ dev, address: "10.0.0.1/24" }), error);
    await refused(({ addr }) => addr.list({ dev }), error);
    await refused(({ route }) => route.add({ dst: "default", dev }), error);
    await refused(({ route }) => route.list({ dev }), error);
    await refused(({ link }) => link.set("e0", { master: dev }), error);
    await refused(({ link }) => link.get(dev), error);
    await refused(({ link }) => link.list({ master: dev }), error);
    await refused(({ neigh }) => neigh.list({ dev }), error);
    await refused(({ qdisc }) => qdisc.list({ dev }), error);
  }
});

test("a prefix that cannot be that of a listed route is refused", async () => {
  await refused(
    ({ route }) => route.list({ dst: "::/0", family: "inet" }),
    { name: "RangeError", message: /^filter\.dst / },
  );
  await refused(
    ({ route }) => route.list({ dst: "10.1.2.3/16" }),
    { name: "RangeError", message: /^filter\.dst .*10\.1\.0\.0\/16/ },
  );
});

test("a name that the kernel would complete is refused", async () => {
  await refused(
    ({ link }) => link.add({ kind: "ifb", name: "foo%d" }),
    { name: "RangeError", message: /^options\.name / },
  );
  await refused(
    ({ link }) => link.add({ kind: "veth", name: "foo", peer: { name: "bar%d" } }),
    { name: "RangeError", message: /^options\.peer\.name / },
  );
});

test("an option of a kind is refused without the kind, which is named", async () => {
  await refused(
    ({ link }) => link.set("e0", { vlanFiltering: true } as object),
    { name: "TypeError", message: /^changes\.vlanFiltering .* kind: "bridge"$/ },
  );
  await refused(
    ({ link }) => link.add({ kind: "ifb", name: "x", vni: 5, ageingTime: 9 } as never),
    { name: "TypeError", message: /^options\.(vni|ageingTime) is / },
  );
});

test("an IP address is the link-layer address of no other links than tunnels", async () => {
  for (const mac of ["10.0.0.1", "::1"]) {
    const error = { name: "TypeError", message: /^options\.(peer\.)?mac / };
    await refused(({ link }) => link.add({ kind: "ifb", name: "x", mac }), error);
    await refused(({ link }) => link.add({ kind: "veth", name: "x", mac }), error);
  }
  const { netlink, sent } = fakeNetlink();
  await netlink.link.add({ kind: "ipip", name: "x", mac: "10.0.0.1" }).catch(() => {});
  assert.equal(sent()[0]?.type, 16);
  await netlink.close();
});

test("the length of a prefix has no leading zeros", async () => {
  await refused(({ addr }) => addr.add({ dev: "e0", address: "10.0.0.1/032" }), {
    name: "TypeError",
    message: /^options\.address /,
  });
});

test("a list that needs a link says so", async () => {
  await refused((netlink) => netlink.class.list({} as { dev: string }), {
    name: "TypeError",
    message: /^filter\.dev must be the link whose classes .* undefined$/,
  });
  await refused(({ filter }) => filter.list({}), {
    name: "TypeError",
    message: /^filter\.dev must be the link whose filters .* undefined$/,
  });
});
