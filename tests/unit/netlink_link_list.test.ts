import assert from "node:assert/strict";
import test from "node:test";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { frame, type SentMessage } from "../helpers/fake_socket.ts";

const NLM_F_MULTI = 0x2;

function port(request: SentMessage, index: number, master: number): Uint8Array {
  return frame(16, request.sequence, {
    flags: NLM_F_MULTI,
    body: (writer) => {
      writer.u8(0).u8(0).u16(1).u32(index).u32(0).u32(0);
      const name = writer.begin(3);
      writer.text(`p${index}`).u8(0).end(name);
      const start = writer.begin(10);
      writer.u32(master).end(start);
    },
  });
}

test("ports of other masters are left out where the kernel does not filter", async () => {
  // A bridge of which the name is the index of another one.
  const { netlink } = fakeNetlink({ "5": 7, br0: 5 }, (request) => [
    port(request, 11, 5),
    port(request, 12, 7),
  ]);
  const ports = async (master: string | number) =>
    (await netlink.link.list({ master })).map(({ name }) => name);
  assert.deepEqual(await ports(5), ["p11"]);
  assert.deepEqual(await ports("br0"), ["p11"]);
  assert.deepEqual(await ports("5"), ["p12"]);
  assert.deepEqual(await ports(7), ["p12"]);
  await netlink.close();
});
