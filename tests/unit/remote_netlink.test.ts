import assert from "node:assert/strict";
import test from "node:test";
import { withOwnPaths } from "../../src/thread/inside/own_path.ts";
import {
  type NetlinkMembers,
  netlinkObjects,
  remoteNetlink,
} from "../../src/thread/inside/remote_netlink.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";

/** The methods that the class of an object has. */
function methodsOf(object: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(object))
    .filter((name) => name !== "constructor").sort();
}

function checkMembers(object: object, { methods, objects = {} }: NetlinkMembers): void {
  assert.deepEqual([...methods].sort(), methodsOf(object));
  for (const [name, members] of Object.entries(objects)) {
    checkMembers(Reflect.get(object, name), members);
  }
}

test("objects inside have the methods that they have outside, and no others", () => {
  const { netlink } = fakeNetlink();
  for (const [name, members] of Object.entries(netlinkObjects)) {
    checkMembers(Reflect.get(netlink, name), members);
    const remote = remoteNetlink(() => Promise.resolve(), (args) => args, [name], members);
    assert.deepEqual(
      Object.keys(remote).sort(),
      [...members.methods, ...Object.keys(members.objects ?? {})].sort(),
    );
    assert.equal(Reflect.get(remote, "then"), undefined);
    assert.equal(Reflect.get(remote, "nothing"), undefined);
  }
});

test("a path that names the thread which opens it is made to name this one", () => {
  const tid = () => 4711;
  const netns = "/proc/thread-self/ns/net";
  const own = "/proc/self/task/4711/ns/net";
  assert.deepEqual(withOwnPaths([netns, 7], tid), [own, 7]);
  const peer = { name: "p", netns };
  assert.deepEqual(withOwnPaths([{ kind: "veth", netns, peer }], tid), [
    { kind: "veth", netns: own, peer: { name: "p", netns: own } },
  ]);
  for (const other of ["/proc/self/ns/net", "/proc/7/ns/net", "/proc/thread-selfish", "blue"]) {
    const args = [other, { netns: other, peer: null }];
    assert.deepEqual(withOwnPaths(args, tid), args);
  }
});
