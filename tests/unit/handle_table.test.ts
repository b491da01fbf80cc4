import assert from "node:assert/strict";
import test from "node:test";
import { HandleTable } from "../../src/thread/handle_table.ts";
import { collectGarbage } from "../helpers/garbage.ts";

class Handle {
  closed = false;
}

function makeTable(): HandleTable<Handle> {
  return new HandleTable(
    (value): value is Handle => value instanceof Handle,
    () => ({ name: undefined, path: undefined, dev: 0, inode: 0, id: undefined }),
  );
}

/** Describes handles that are closed then, and that nobody has. */
function useUp(table: HandleTable<Handle>, count: number): WeakRef<Handle>[] {
  return Array.from({ length: count }, () => {
    const handle = new Handle();
    table.describe(handle);
    handle.closed = true;
    return new WeakRef(handle);
  });
}

test("a handle has one number, and the number is that of the handle", () => {
  const table = makeTable();
  const [one, two] = [new Handle(), new Handle()];
  const { handle } = table.describe(one);
  assert.notEqual(table.describe(two).handle, handle);
  assert.equal(table.describe(one).handle, handle);
  assert.equal(table.decode(handle), one);
  assert.equal(table.encode({}), undefined);
  assert.throws(() => table.decode(2), RangeError);
  assert.throws(() => table.decode(undefined), RangeError);
});

test("a closed handle that somebody has is known, however many came after it", () => {
  const table = makeTable();
  const kept = new Handle();
  const { handle } = table.describe(kept);
  kept.closed = true;
  useUp(table, 1000);
  assert.equal(table.decode(handle), kept);
});

test("closed handles that nobody has are let go, and told as closed", async () => {
  const table = makeTable();
  const used = useUp(table, 1000);
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collectGarbage();
  }
  const there = used.filter((handle) => handle.deref() !== undefined).length;
  assert.ok(there < 600, `${there} of 1000 are there`);
  assert.throws(() => table.decode(0), { code: "ERR_NETNS_CLOSED" });
});
