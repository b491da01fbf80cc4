import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import { checkDnsOptions, type DnsOptions } from "../../src/dns/options.ts";
import { skipOn } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";

test("right options are copied", () => {
  const options = {
    servers: ["192.0.2.1", "[::1]:53", "fe80::1%eth0"],
    search: ["corp.test", "sub.corp.test."],
    ndots: 0,
    timeout: 1,
    attempts: 1,
    hosts: { one: "192.0.2.1", two: ["192.0.2.2", "::2"] },
  };
  const checked = checkDnsOptions(options)!;
  assert.deepEqual(checked, options);
  options.servers.push("192.0.2.9");
  assert.equal(checked.servers!.length, 3);
  assert.equal(checkDnsOptions(undefined), undefined);
});

test("wrong options are refused by their names", () => {
  const wrong: [unknown, RegExp][] = [
    ["192.0.2.1", /^options\.dns must be an object/],
    [{ nameservers: [] }, /^options\.dns\.nameservers is not an option/],
    [{ servers: "192.0.2.1" }, /^options\.dns\.servers must be an array/],
    [{ servers: [] }, /^options\.dns\.servers must be a list of at least one server/],
    [{ servers: ["192.0.2.1", "dns.test"] }, /^options\.dns\.servers\[1\] .*"dns\.test"$/],
    [{ servers: [53] }, /^options\.dns\.servers\[0\] must be a string: current value is 53$/],
    [{ servers: ["[fe80::1%eth0]:5353"] }, /^options\.dns\.servers\[0\] must be without a port/],
    [{ search: "corp.test" }, /^options\.dns\.search must be an array/],
    [{ search: ["a b"] }, /^options\.dns\.search\[0\] must be the name/],
    [{ search: ["a\nnameserver 192.0.2.1"] }, /^options\.dns\.search\[0\]/],
    [{ ndots: 16 }, /^options\.dns\.ndots must be an integer from 0 to 15/],
    [{ timeout: 0 }, /^options\.dns\.timeout/],
    [{ attempts: 1.5 }, /^options\.dns\.attempts/],
    [{ hosts: ["192.0.2.1"] }, /^options\.dns\.hosts must be an object/],
    [{ hosts: { one: "two" } }, /^options\.dns\.hosts\["one"\] must be an IP address/],
    [{ hosts: { one: [1] } }, /^options\.dns\.hosts\["one"\] must be a string/],
    [{ hosts: { "o ne": "192.0.2.1" } }, /^a name in options\.dns\.hosts/],
  ];
  for (const [dns, message] of wrong) {
    const isRight = (error: unknown) =>
      (error instanceof TypeError || error instanceof RangeError) && message.test(error.message);
    assert.throws(() => checkDnsOptions(dns as DnsOptions), isRight, JSON.stringify(dns));
  }
});

test("every way to obtain a handle checks the option before anything else", async () => {
  const options = { dns: { ndots: -1 } };
  const error = { name: "RangeError", message: /^options\.dns\.ndots/ };
  assert.throws(() => NetNS.create(options), error);
  assert.throws(() => NetNS.fromName("missing", options), error);
  assert.throws(() => NetNS.fromPath("/nonexistent", options), error);
  assert.throws(() => NetNS.fromPid(2 ** 22, options), error);
  assert.throws(() => NetNS.fromThread(2 ** 22, 1, options), error);
  assert.throws(() => NetNS.fromSocket(-1, options), error);
  assert.throws(() => NetNS.fromFd(-1, options), error);
  await assert.rejects(NetNS.fromContainer("missing", options), error);
});

test("Deno refuses servers on other ports, as getaddrinfo(3) knows none", {
  skip: skipOn(["node-koffi", "node-ffi", "bun"], "other runtimes take ports"),
}, () => {
  assert.equal(runtime, "deno");
  assert.throws(() => checkDnsOptions({ servers: ["127.0.0.1:5353"] }), {
    code: "ERR_NETNS_UNSUPPORTED",
    message: /options\.dns\.servers\[0\] "127\.0\.0\.1:5353"/,
  });
});
