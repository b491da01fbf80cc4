import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import { AF_INET, AF_INET6, AF_UNIX } from "../../ffi/constants.ts";
import { abstractAddress, ipAddress, showAddress } from "../../src/sockets/address.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test("an IPv4 address is a sockaddr_in", () => {
  const address = ipAddress("192.0.2.255", 8080);
  assert.equal(hex(address.bytes), "02001f90c00002ff0000000000000000");
  assert.deepEqual([address.family, address.address, address.port], [AF_INET, "192.0.2.255", 8080]);
  assert.equal(showAddress(address), "192.0.2.255:8080");
});

test("localhost is 127.0.0.1", () => {
  assert.equal(hex(ipAddress("localhost", 1).bytes), "020000017f0000010000000000000000");
});

test("an IPv6 address is a sockaddr_in6, however it is written", () => {
  const written: [string, string][] = [
    ["::", "00".repeat(16)],
    ["::1", "00".repeat(15) + "01"],
    ["1::", "0001" + "00".repeat(14)],
    ["2001:DB8::a:0:5", "20010db800000000" + "0000000a00000005"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::ffff:192.0.2.1", "00".repeat(10) + "ffffc0000201"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
    ["64:ff9b::1.2.3.4", "0064ff9b" + "00".repeat(8) + "01020304"],
  ];
  for (const [host, bytes] of written) {
    const address = ipAddress(host, 443);
    assert.equal(hex(address.bytes), `0a0001bb00000000${bytes}00000000`, host);
    assert.equal(address.family, AF_INET6);
    assert.equal(showAddress(address), `[${host}]:443`);
  }
});

test("the zone of an IPv6 address is the index of an interface", () => {
  const { bytes } = ipAddress("fe80::1%258", 1);
  assert.equal(hex(bytes), "0a00000100000000fe80" + "00".repeat(13) + "01" + "02010000");
  for (const zone of ["eth0", "", "-1", "1.5"]) {
    assert.throws(() => ipAddress(`fe80::1%${zone}`, 1), {
      message: /^options\.host must be with the index of an interface after the %/,
    });
  }
});

test("an abstract Unix socket is a sockaddr_un as long as its name", () => {
  const address = abstractAddress("\0né");
  assert.equal(hex(address.bytes), "0100006ec3a9");
  assert.deepEqual([address.family, address.port], [AF_UNIX, undefined]);
  assert.equal(showAddress(address), '"\\0né"');
  assert.equal(abstractAddress("\0" + "x".repeat(107)).bytes.byteLength, 110);
});
