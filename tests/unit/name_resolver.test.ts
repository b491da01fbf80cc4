import assert from "node:assert/strict";
import test from "node:test";
import type { NameConfiguration } from "../../src/dns/configuration.ts";
import { defaults } from "../../src/dns/resolv_conf.ts";
import { inOrder, toAddress } from "../../src/thread/inside/names/addresses.ts";
import { explainUnreachable, lookupError } from "../../src/thread/inside/names/lookup_error.ts";
import { NameResolver } from "../../src/thread/inside/names/resolver.ts";
import { canBeAsked, searchList } from "../../src/thread/inside/names/search_list.ts";
import { skipOn } from "../helpers/requirements.ts";

function configuration(changes: Partial<NameConfiguration> = {}): NameConfiguration {
  return { ...defaults, hosts: [], hostServers: false, files: {}, ...changes };
}

test("a name with few dots is completed first, one with enough dots last", () => {
  const conf = { search: ["a.test", "b.test"], ndots: 2 };
  assert.deepEqual(searchList("x", conf), ["x.a.test", "x.b.test", "x"]);
  assert.deepEqual(searchList("x.y", conf), ["x.y.a.test", "x.y.b.test", "x.y"]);
  assert.deepEqual(searchList("x.y.z", conf), ["x.y.z", "x.y.z.a.test", "x.y.z.b.test"]);
  assert.deepEqual(searchList("x.", conf), ["x"]);
  assert.deepEqual(searchList("x", { search: [], ndots: 1 }), ["x"]);
});

test("names that DNS cannot have are not asked for", () => {
  const label = "x".repeat(63);
  assert.ok(canBeAsked(`${label}.test`));
  assert.ok(!canBeAsked(`${label}x.test`));
  assert.ok(!canBeAsked("a..b"));
  assert.ok(!canBeAsked([label, label, label, label].join(".")));
});

test("addresses are ordered by family, and otherwise stay as they are", () => {
  const addresses = ["::1", "192.0.2.2", "fd00::1", "192.0.2.1"].map(toAddress);
  const ordered = (order: "ipv4first" | "ipv6first") =>
    inOrder(addresses, order).map(({ address }) => address);
  assert.deepEqual(ordered("ipv4first"), ["192.0.2.2", "192.0.2.1", "::1", "fd00::1"]);
  assert.deepEqual(ordered("ipv6first"), ["::1", "fd00::1", "192.0.2.2", "192.0.2.1"]);
});

test("without a server, numbers, hosts and localhost are known", {
  skip: skipOn("deno", "Deno resolves names by getaddrinfo(3)"),
}, async () => {
  const resolver = new NameResolver(configuration({
    hosts: [
      { address: "192.0.2.1", names: ["one", "also.one"] },
      { address: "::1", names: ["one"] },
      { address: "127.0.0.9", names: ["localhost"] },
    ],
  }));
  const resolve = async (name: string, family = 0) =>
    (await resolver.resolve(name, { family, hints: 0 })).map(({ address }) => address);
  assert.deepEqual(await resolve("ONE."), ["192.0.2.1", "::1"]);
  assert.deepEqual(await resolve("one", 6), ["::1"]);
  assert.deepEqual(await resolve("localhost"), ["127.0.0.9"]);
  assert.deepEqual(await resolve("localhost", 6), ["::1"]);
  assert.deepEqual(await resolve("any.localhost."), ["127.0.0.1", "::1"]);
  assert.deepEqual(await resolve("127.1"), ["127.0.0.1"]);
  assert.deepEqual(await resolve("0x7f000001"), ["127.0.0.1"]);
  await assert.rejects(resolve("127.1", 6), { code: "ENOTFOUND", hostname: "127.1" });
  await assert.rejects(resolve("a..b"), { code: "ENOTFOUND", syscall: "getaddrinfo" });
  assert.equal(resolver.hosts.nameOf("192.0.2.1"), "one");
});

test("servers of the host on its loopback interface are named when none answers", () => {
  const stub = configuration({ servers: ["127.0.0.53"], hostServers: true });
  const explained = lookupError("EAI_AGAIN", "x.test", stub);
  assert.match(explained.message, /^getaddrinfo EAI_AGAIN x\.test: .* 127\.0\.0\.53 inside/);
  assert.match(explained.hint!, /pass \{ dns: \{ servers \} \}/);
  for (
    const [code, conf] of [
      ["ENOTFOUND", stub],
      ["EAI_AGAIN", { ...stub, hostServers: false }],
      ["EAI_AGAIN", { ...stub, servers: ["127.0.0.53", "192.0.2.1"] }],
    ] as const
  ) {
    const error = lookupError(code, "x.test", conf);
    assert.equal(error.message, `getaddrinfo ${code} x.test`);
    assert.equal(error.hint, undefined);
  }
  assert.equal(explainUnreachable("no error", stub), "no error");
});
