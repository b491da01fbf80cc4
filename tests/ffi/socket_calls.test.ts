import assert from "node:assert/strict";
import process from "node:process";
import {
  AF_INET,
  AF_UNIX,
  IFF_UP,
  O_CLOEXEC,
  O_RDONLY,
  POLLIN,
  POLLOUT,
  SIOCGIFFLAGS,
  SO_ERROR,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import type { Libc } from "../../ffi/libc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { adapters, failure } from "./adapters.ts";

const MSG_DONTWAIT = 0x40;
const NOT_BLOCKING = SOCK_NONBLOCK | SOCK_CLOEXEC;

function bytes(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length));
}

/** struct sockaddr_in for 127.0.0.1. */
function loopback(port: number): Uint8Array {
  const address = bytes(16);
  new DataView(address.buffer).setUint16(0, AF_INET, true);
  new DataView(address.buffer).setUint16(2, port);
  address.set([127, 0, 0, 1], 4);
  return address;
}

/** struct sockaddr_un for an abstract name. */
function abstractName(name: string): Uint8Array {
  const address = bytes(3 + name.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(new TextEncoder().encode(name), 3);
  return address;
}

function getInteger(libc: Libc, fd: number, option: number): number {
  const value = bytes(4);
  const length = bytes(4);
  length[0] = 4;
  assert.equal(libc.getsockopt(fd, SOL_SOCKET, option, value, length), 0);
  assert.equal(length[0], 4);
  return new DataView(value.buffer).getInt32(0, true);
}

/** Waits for events on a descriptor; what occurred, 0 for none. */
function wait(libc: Libc, fd: number, events: number, timeout: number): number {
  const record = bytes(8);
  const view = new DataView(record.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, events, true);
  const ready = libc.poll(record, 1, timeout);
  assert.equal(ready, view.getInt16(6, true) === 0 ? 0 : 1);
  return view.getInt16(6, true);
}

/** accept4(2), which the contract has no function of its own for. */
function accept(libc: Libc, fd: number): number {
  const accept4 = process.arch === "x64" ? 288 : 242;
  return libc.syscall(accept4, fd, null, 0, NOT_BLOCKING, null);
}

for (const { name, libc } of adapters()) {
  leakChecked(`${name}: a message goes from one socket to the other and back`, () => {
    const server = libc.socket(AF_UNIX, SOCK_STREAM | NOT_BLOCKING, 0);
    const address = abstractName(`netns-test-${name}-${Math.random()}`);
    assert.equal(libc.bind(server, address, address.byteLength), 0);
    assert.equal(libc.listen(server, 5), 0);
    assert.equal(wait(libc, server, POLLIN, 0), 0);
    const client = libc.socket(AF_UNIX, SOCK_STREAM | NOT_BLOCKING, 0);
    assert.equal(libc.connect(client, address, address.byteLength), 0);
    assert.equal(wait(libc, server, POLLIN, 5000), POLLIN);
    const accepted = accept(libc, server);
    assert.ok(accepted > 2, String(accepted));

    const buffer = bytes(16);
    assert.equal(libc.recv(accepted, buffer, 16, MSG_DONTWAIT), failure("EAGAIN"));
    const message = new TextEncoder().encode("héllo");
    assert.equal(libc.send(client, message, message.byteLength, 0), 6);
    assert.equal(wait(libc, accepted, POLLIN | POLLOUT, 5000), POLLIN | POLLOUT);
    assert.equal(libc.recv(accepted, buffer, 16, 0), 6);
    assert.equal(new TextDecoder().decode(buffer.subarray(0, 6)), "héllo");
    assert.equal(libc.send(accepted, message, 2, 0), 2);
    assert.equal(libc.recv(client, buffer, 16, 0), 2);

    assert.equal(libc.close(client), 0);
    assert.equal(libc.recv(accepted, buffer, 16, 0), 0);
    for (const fd of [accepted, server]) assert.equal(libc.close(fd), 0);
    const late = libc.socket(AF_UNIX, SOCK_STREAM | NOT_BLOCKING, 0);
    assert.equal(libc.connect(late, address, address.byteLength), failure("ECONNREFUSED"));
    libc.close(late);
  });

  leakChecked(`${name}: bind takes an address of this machine, and only once`, () => {
    const udp = libc.socket(AF_INET, SOCK_DGRAM | NOT_BLOCKING, 0);
    assert.equal(libc.bind(udp, loopback(0), 16), 0);
    const elsewhere = loopback(0);
    elsewhere.set([192, 0, 2, 1], 4);
    const other = libc.socket(AF_INET, SOCK_DGRAM | NOT_BLOCKING, 0);
    assert.equal(libc.bind(other, elsewhere, 16), failure("EADDRNOTAVAIL"));
    assert.equal(libc.bind(other, elsewhere, 8), failure("EINVAL"));
    const name = abstractName(`netns-test-twice-${Math.random()}`);
    const [first, second] = [1, 2].map(() => libc.socket(AF_UNIX, SOCK_DGRAM, 0)) as [
      number,
      number,
    ];
    assert.equal(libc.bind(first, name, name.byteLength), 0);
    assert.equal(libc.bind(second, name, name.byteLength), failure("EADDRINUSE"));
    for (const fd of [udp, other, first, second]) libc.close(fd);
    assert.equal(libc.socket(AF_INET, 99, 0), failure("EINVAL"));
  });

  leakChecked(`${name}: options of a socket are set and read`, () => {
    const fd = libc.socket(AF_INET, SOCK_DGRAM | NOT_BLOCKING, 0);
    assert.equal(getInteger(libc, fd, SO_REUSEADDR), 0);
    const on = bytes(4);
    on[0] = 1;
    assert.equal(libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, on, 4), 0);
    assert.equal(getInteger(libc, fd, SO_REUSEADDR), 1);
    assert.equal(getInteger(libc, fd, SO_ERROR), 0);
    assert.equal(libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, on, 1), failure("EINVAL"));
    assert.equal(libc.recv(fd, on, 4, 0), failure("EAGAIN"));
    libc.close(fd);
    const file = libc.open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
    assert.equal(libc.setsockopt(file, SOL_SOCKET, SO_REUSEADDR, on, 4), failure("ENOTSOCK"));
    libc.close(file);
  });

  leakChecked(`${name}: ioctl fills a structure in`, () => {
    const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const request = bytes(40);
    request.set(new TextEncoder().encode("lo"));
    assert.equal(libc.ioctl(fd, SIOCGIFFLAGS, request), 0);
    const flags = new DataView(request.buffer).getUint16(16, true);
    assert.equal(flags & IFF_UP, IFF_UP);
    assert.equal(flags & 8, 8, "IFF_LOOPBACK");
    libc.close(fd);
  });

  leakChecked(`${name}: poll waits for several descriptors, or for the time alone`, () => {
    const fds = [1, 2].map(() => libc.socket(AF_INET, SOCK_DGRAM | NOT_BLOCKING, 0));
    const records = bytes(16);
    const view = new DataView(records.buffer);
    fds.forEach((fd, index) => {
      view.setInt32(index * 8, fd, true);
      view.setInt16(index * 8 + 4, index === 0 ? POLLOUT : POLLIN, true);
    });
    assert.equal(libc.poll(records, 2, 5000), 1);
    assert.deepEqual([view.getInt16(6, true), view.getInt16(14, true)], [POLLOUT, 0]);
    for (const fd of fds) libc.close(fd);
    assert.equal(libc.poll(records, 2, 0), 2, "closed descriptors are reported at once");
    assert.equal(libc.poll(records, 0, 1), 0);
  });
}
