import assert from "node:assert/strict";
import test from "node:test";
import { formatHosts, overrideHosts, parseHosts } from "../../src/dns/hosts_file.ts";
import { defaults, formatResolvConf, parseResolvConf } from "../../src/dns/resolv_conf.ts";
import { isLoopback, parseServer, showServer } from "../../src/dns/server_address.ts";

test("resolv.conf gives servers, search domains and options", () => {
  const text = `# comment
; comment
nameserver 192.0.2.1
 nameserver\t2001:db8::1  trailing
nameserver fe80::1%eth0
nameserver 192.0.2.4
domain ignored.test
search one.test two.test.
options ndots:3 timeout:7 attempts:4 rotate edns0 trust-ad`;
  assert.deepEqual(parseResolvConf(text), {
    servers: ["192.0.2.1", "2001:db8::1", "fe80::1%eth0"],
    search: ["one.test", "two.test"],
    ndots: 3,
    timeout: 7000,
    attempts: 4,
  });
});

test("the last of domain and search counts", () => {
  assert.deepEqual(parseResolvConf("search a.test b.test\ndomain c.test").search, ["c.test"]);
  assert.deepEqual(parseResolvConf("domain c.test\nsearch a.test").search, ["a.test"]);
  assert.deepEqual(parseResolvConf("search .").search, []);
});

test("what resolv.conf does not say, or says wrongly, is as the C library has it", () => {
  assert.deepEqual(parseResolvConf(""), defaults);
  assert.deepEqual(
    parseResolvConf("nameserver example.test\nnameserver\noptions ndots:x"),
    defaults,
  );
  const { ndots, timeout, attempts } = parseResolvConf("options ndots:99 timeout:99 attempts:99");
  assert.deepEqual([ndots, timeout, attempts], [15, 30_000, 5]);
  assert.equal(parseResolvConf("options ndots:0").ndots, 0);
  assert.equal(parseResolvConf("options timeout:0").timeout, defaults.timeout);
});

test("a written resolv.conf reads the same", () => {
  const conf = {
    servers: ["192.0.2.1", "fe80::1%eth0"],
    search: ["one.test", "two.test"],
    ndots: 2,
    timeout: 3000,
    attempts: 1,
  };
  assert.deepEqual(parseResolvConf(formatResolvConf(conf)), conf);
});

test("a written resolv.conf has no servers on other ports, and whole seconds", () => {
  const servers = ["127.0.0.1:5353", "[::1]:5353", "192.0.2.1"];
  const text = formatResolvConf({ ...defaults, servers, timeout: 1001 });
  assert.equal(text, "nameserver 192.0.2.1\noptions ndots:1 timeout:2 attempts:2\n");
});

test("addresses of servers are IP addresses, with a port or without", () => {
  const right: [string, string, number][] = [
    ["192.0.2.1", "192.0.2.1", 53],
    ["192.0.2.1:5353", "192.0.2.1", 5353],
    ["::1", "::1", 53],
    ["[::1]", "::1", 53],
    ["[::1]:5353", "::1", 5353],
    ["fe80::1%eth0", "fe80::1%eth0", 53],
    ["[fe80::1%eth0]:5353", "fe80::1%eth0", 5353],
  ];
  for (const [text, address, port] of right) {
    assert.deepEqual(parseServer(text), { address, port }, text);
    assert.deepEqual(parseServer(showServer({ address, port })), { address, port }, text);
  }
  const wrong = ["", "example.test", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "[192.0.2.1]"];
  for (const text of [...wrong, "[::1", "::1]:53", "192.0.2.256", " 192.0.2.1", "192.0.2.1:5x"]) {
    assert.equal(parseServer(text), undefined, text);
  }
});

test("a server on 127.0.0.0/8 or ::1 is on the loopback interface", () => {
  const loopback = ["127.0.0.53", "127.255.0.1:5353", "::1", "[::1]:5353"];
  for (const text of loopback) assert.ok(isLoopback(parseServer(text)!), text);
  for (const text of ["128.0.0.1", "10.0.0.1", "::2"]) assert.ok(!isLoopback(parseServer(text)!));
});

test("a hosts file gives the names of addresses", () => {
  const text = `127.0.0.1\tlocalhost local # comment
# 192.0.2.1 nobody
 2001:db8::1 six
192.0.2.2
not.an.address name
192.0.2.3 three#four`;
  assert.deepEqual(parseHosts(text), [
    { address: "127.0.0.1", names: ["localhost", "local"] },
    { address: "2001:db8::1", names: ["six"] },
    { address: "192.0.2.3", names: ["three"] },
  ]);
  assert.deepEqual(parseHosts(formatHosts(parseHosts(text))), parseHosts(text));
});

test("hosts of the option replace those of the file, whatever their case", () => {
  const entries = parseHosts("192.0.2.1 one Two\n192.0.2.2 TWO\n192.0.2.3 three");
  assert.deepEqual(overrideHosts(entries, { "two.": ["192.0.2.8", "::8"], "new": "192.0.2.9" }), [
    { address: "192.0.2.8", names: ["two."] },
    { address: "::8", names: ["two."] },
    { address: "192.0.2.9", names: ["new"] },
    { address: "192.0.2.1", names: ["one"] },
    { address: "192.0.2.3", names: ["three"] },
  ]);
});
