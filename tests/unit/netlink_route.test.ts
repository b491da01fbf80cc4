import assert from "node:assert/strict";
import test from "node:test";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { routeFlagWords } from "../../src/netlink/route/route_flags.ts";
import { routeAttributePath, writeRoute } from "../../src/netlink/route/route_message.ts";

test("the attribute of a next hop is told with its path", () => {
  const writer = new MessageWriter(24, 0);
  const nexthops = [{ via: "10.0.0.1" }, { via: "10.0.0.2", weight: 3, realms: 7 }];
  writeRoute(writer, { dst: "10.9.0.0/16", nexthops });
  const bytes = writer.finish();
  const message = new MessageReader(bytes);
  const pathAt = (payload: readonly number[]) => {
    const at = bytes.findIndex((_, index) => payload.every((byte, n) => bytes[index + n] === byte));
    return routeAttributePath(message, at - 4);
  };
  assert.equal(pathAt([10, 0, 0, 1]), "RTA_MULTIPATH/RTA_GATEWAY");
  assert.equal(pathAt([10, 0, 0, 2]), "RTA_MULTIPATH/RTA_GATEWAY");
  assert.equal(pathAt([7, 0, 0, 0]), "RTA_MULTIPATH/RTA_FLOW");
  assert.equal(pathAt([10, 9, 0, 0]), "RTA_DST");
});

test("flags of what a route became for a destination have words", () => {
  assert.deepEqual(routeFlagWords(0x90000200), ["cloned", "brd", "local"]);
  assert.deepEqual(routeFlagWords(0x20000200), ["cloned", "mc"]);
  assert.deepEqual(routeFlagWords(0x20000004), ["onlink", "rtOffloadFailed"]);
});
