import assert from "node:assert/strict";
import test from "node:test";
import { PollSet } from "../../src/poll/inside/poll_set.ts";

/** The descriptors in the array for poll(2). */
function fds(set: PollSet): number[] {
  const view = new DataView(set.bytes.buffer);
  return Array.from({ length: set.length }, (_, index) => view.getInt32(8 * index, true));
}

test("a descriptor is in the set once, whatever it grows to", () => {
  const set = new PollSet();
  const all = Array.from({ length: 100 }, (_, fd) => fd);
  for (const fd of [...all, ...all]) set.add(fd);
  assert.deepEqual(fds(set), all);
  for (const fd of all.slice(0, 98)) set.delete(fd);
  set.delete(1000);
  assert.deepEqual(fds(set).sort(), [98, 99]);
});

test("what poll(2) said of a descriptor goes with it", () => {
  const set = new PollSet();
  for (const fd of [3, 4, 5]) set.add(fd);
  const view = new DataView(set.bytes.buffer);
  view.setInt16(8 * 0 + 6, 1, true);
  view.setInt16(8 * 2 + 6, 8, true);
  assert.deepEqual(set.ready(), [3, 5]);
  set.delete(3);
  assert.deepEqual(set.ready(), [5]);
  set.delete(5);
  set.add(6);
  assert.deepEqual(set.ready(), []);
});
