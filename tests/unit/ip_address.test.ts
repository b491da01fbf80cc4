import assert from "node:assert/strict";
import fc from "fast-check";
import { isIPv4 } from "node:net";
import test from "node:test";
import { ipBytes, ipLength, ipText } from "../../src/ip_address.ts";

const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

test("any IPv4 address is the same after it was read and written", () => {
  fc.assert(
    fc.property(fc.array(ipv4, { minLength: 1, maxLength: 50 }), (addresses) => {
      for (const bytes of [...addresses, ...addresses]) {
        const text = bytes.join(".");
        assert.equal(ipText(Uint8Array.of(9, ...bytes), 1, 4), text);
        assert.deepEqual(ipBytes(text), Uint8Array.from(bytes));
      }
    }),
    { numRuns: 500 },
  );
});

test("every address of a network has its own text", () => {
  const texts = new Set<string>();
  for (let host = 0; host < 0x10000; host++) {
    const text = ipText(Uint8Array.of(10, 0, host >> 8, host & 0xff), 0, 4);
    assert.equal(text, `10.0.${host >> 8}.${host & 0xff}`);
    texts.add(text);
  }
  assert.equal(texts.size, 0x10000);
});

test("what is an IPv4 address is what Node takes for one", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 4 });
  const almost = fc.array(fc.oneof(fc.nat(300).map(String), digits), {
    minLength: 3,
    maxLength: 5,
  });
  const anything = fc.string({ unit: fc.constantFrom(..."0125.:/ -+ea\0"), maxLength: 16 });
  let valid = 0;
  fc.assert(
    fc.property(fc.oneof(almost.map((parts) => parts.join(".")), anything), (text) => {
      assert.equal(ipLength(text) === 4, isIPv4(text), text);
      assert.equal(ipBytes(text)?.byteLength === 4, isIPv4(text), text);
      if (isIPv4(text)) valid++;
    }),
    { numRuns: 20_000 },
  );
  assert.ok(valid > 200, `${valid} were valid`);
});
