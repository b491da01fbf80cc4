import assert from "node:assert/strict";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { writeLinkBody } from "../../src/netlink/link/link_body.ts";
import { linkAttributes, readLink } from "../../src/netlink/link/link_message.ts";

function lowerOf(kind: string, settings: object): unknown {
  const writer = new MessageWriter(16, 0);
  writeLinkBody(writer, { kind, name: "x0", ...settings }, "options", linkAttributes);
  const bytes = writer.finish();
  const link = readLink(new MessageReader(bytes, (index) => `e${index}`), 16, bytes.byteLength);
  return (link as unknown as { dev: unknown }).dev;
}

for (const kind of ["vxlan", "gre", "ipip"]) {
  test(`the link below a ${kind} has its name only in the same namespace`, () => {
    assert.equal(lowerOf(kind, { dev: 2 }), "e2");
    assert.equal(lowerOf(kind, { dev: 2, linkNetnsid: 0 }), 2);
    if (kind === "vxlan") assert.equal(lowerOf(kind, { dev: null }), null);
  });
}
