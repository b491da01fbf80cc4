/** Which paths lead to the kernel's files about the network, and where they lead on a thread. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import { kernelPath } from "../../src/thread/inside/files/kernel_path.ts";

const at = (cwd: string) => ({ pid: 10, tid: () => 12, cwd: () => cwd });
const pathOf = (path: unknown, cwd = "/home") => kernelPath(path, at(cwd))?.path;
const kindOf = (path: unknown, cwd = "/home") => kernelPath(path, at(cwd))?.kind;

const thread = "/proc/self/task/12/net";

test("the directories of the process name its thread, however they are spelt", () => {
  for (
    const directory of ["/proc/net", "/proc/self/net", "/proc/thread-self/net", "/proc/10/net"]
  ) {
    assert.equal(pathOf(directory), thread);
    assert.equal(pathOf(`${directory}/`), `${thread}/`);
    assert.equal(pathOf(`${directory}/stat/arp_cache`), `${thread}/stat/arp_cache`);
    assert.equal(pathOf(new URL(`file://${directory}/tcp`)), `${thread}/tcp`);
    assert.equal(pathOf(Buffer.from(`${directory}/tcp`)), `${thread}/tcp`);
    assert.equal(kindOf(directory), "thread");
  }
  assert.equal(pathOf("//proc///net/./tcp"), `${thread}/tcp`);
  assert.equal(pathOf("/proc/net/../net/tcp"), `${thread}/tcp`);
  assert.equal(pathOf("/etc/../proc/net/tcp"), `${thread}/tcp`);
  assert.equal(pathOf("/./proc/net/tcp"), `${thread}/tcp`);
  assert.equal(pathOf(new URL("file:///proc/%6eet/tcp")), `${thread}/tcp`);
});

test("a relative path is one of the working directory", () => {
  assert.equal(pathOf("net/tcp", "/proc"), `${thread}/tcp`);
  assert.equal(pathOf("./net/tcp", "/proc/self"), `${thread}/tcp`);
  assert.equal(pathOf("tcp", "/proc/self/net"), `${thread}/tcp`);
  assert.equal(pathOf("../proc/net/tcp", "/home"), `${thread}/tcp`);
  assert.equal(pathOf("proc/net/tcp", "/"), `${thread}/tcp`);
  assert.equal(pathOf("net/tcp", "/home"), undefined);
  assert.equal(pathOf("proc/net/tcp", "/home"), undefined);
  const cwd = () => {
    throw new Error("there is none");
  };
  assert.equal(kernelPath("net/tcp", { ...at("/"), cwd }), undefined);
});

test("the namespace of the thread itself is read of the thread", () => {
  assert.equal(pathOf("/proc/thread-self/ns/net"), "/proc/self/task/12/ns/net");
  for (const path of ["/proc/self/ns/net", "/proc/10/ns/net", "/proc/thread-self/ns/mnt"]) {
    assert.equal(pathOf(path), undefined);
  }
});

test("kernel parameters and /sys are told apart", () => {
  assert.equal(kindOf("/proc/sys/net"), "sysctl");
  assert.equal(pathOf("/proc//sys/net/ipv4/x"), "/proc/sys/net/ipv4/x");
  const sysfs = [
    ...["/sys/class/net", "/sys/class/net/eth0/mtu", "/sys/devices/virtual/net/lo"],
    ...["/sys/devices/pci0000:00/0000:00:03.0/net/eth0", "/sys/bus/pci/devices/0000:00:03.0/net"],
  ];
  for (const path of sysfs) assert.equal(kindOf(path), "sysfs");
  assert.equal(kindOf("net/eth0", "/sys/class"), "sysfs");
});

test("other paths are left alone", () => {
  const paths = [
    ...["", "net", "/", "/net", "/proc", "/proc/", "/proc/self", "/proc/network", "/proc/netx/tcp"],
    ...[
      "/proc/self/net_cls",
      "/proc/11/net/tcp",
      "/proc/self/task/10/net/tcp",
      "/proc/self/status",
    ],
    ...["/proc/sys/kernel/net", "/proc/sys/network", "/home/proc/net/tcp", "/proc/net/../version"],
    ...["/sys/class/network", "/sys/fs/cgroup/net", "/sys/kernel/tracing/events/net", "/sys/net"],
    ...["/home/net/a.ts", "/var//net", "file:///proc/net/tcp", "/PROC/NET/tcp"],
  ];
  for (const path of paths) assert.equal(kernelPath(path, at("/home")), undefined, path);
});

test("what is no path is left alone", () => {
  const values = [
    ...[0, 3, null, undefined, {}, [], ["/proc/net/tcp"], true, Symbol("net"), () => "/proc/net"],
    ...[new URL("http://host/proc/net/tcp"), new URL("file://host/proc/net/tcp")],
    ...[Buffer.from([0xff, 0xfe]), new ArrayBuffer(8), { toString: () => "/proc/net/tcp" }],
  ];
  for (const value of values) assert.equal(kernelPath(value, at("/home")), undefined);
});
