import assert from "node:assert/strict";
import fc from "fast-check";
import test from "node:test";
import type { NetNSError } from "../../src/errors.ts";
import { MessageReader } from "../../src/netlink/codec/message_reader.ts";
import { MessageWriter } from "../../src/netlink/codec/message_writer.ts";
import { type Extack, extackStart, readExtack } from "../../src/netlink/extack.ts";
import { messageTypeName } from "../../src/netlink/message_type.ts";
import { noSuchLinkError, refusedError } from "../../src/netlink/request_error.ts";
import { goldenVectors } from "../helpers/golden.ts";

/** Attributes as bytes. */
function attributes(write: (writer: MessageWriter) => unknown): MessageReader {
  const writer = new MessageWriter(0, 0);
  write(writer);
  return new MessageReader(writer.finish());
}

function read(
  write: (writer: MessageWriter) => unknown,
  describe?: (offset: number) => string | undefined,
): Extack | undefined {
  const reader = attributes(write);
  return readExtack(reader, 16, reader.bytes.byteLength, describe);
}

function attribute(writer: MessageWriter, type: number, write: () => unknown): void {
  const start = writer.begin(type);
  write();
  writer.end(start);
}

test("text, offset with the attribute there, policy and what is missing are read", () => {
  const extack = read((writer) => {
    attribute(writer, 1, () => writer.text("Attribute failed policy validation").u8(0));
    attribute(writer, 2, () => writer.u32(32));
    attribute(writer, 0x8004, () => {
      attribute(writer, 1, () => writer.u32(12));
      attribute(writer, 7, () => writer.u32(15));
    });
    attribute(writer, 5, () => writer.u32(3));
    attribute(writer, 6, () => writer.u32(40));
  }, (offset) => `at ${offset}`);
  assert.deepEqual(extack, {
    message: "Attribute failed policy validation",
    offset: 32,
    attribute: "at 32",
    policy: { type: "NUL_STRING", maxLength: 15 },
    missing: { type: 3, nest: "at 40" },
  });
});

test("every part of a policy is read; numbers that are not exact are bigints", () => {
  const extack = read((writer) =>
    attribute(writer, 4, () => {
      attribute(writer, 1, () => writer.u32(9));
      attribute(writer, 2, () => writer.u64(BigInt.asUintN(64, -5n)));
      attribute(writer, 3, () => writer.u64(5n));
      attribute(writer, 6, () => writer.u32(1));
      attribute(writer, 7, () => writer.u32(2));
      attribute(writer, 12, () => writer.u64(0xffff_ffff_ffff_ffffn));
    })
  );
  assert.deepEqual(extack, {
    policy: {
      type: "S64",
      minValue: -5,
      maxValue: 5,
      minLength: 1,
      maxLength: 2,
      mask: 0xffff_ffff_ffff_ffffn,
    },
  });
  const unsigned = read((writer) =>
    attribute(writer, 4, () => {
      attribute(writer, 4, () => writer.u64(1n));
      attribute(writer, 5, () => writer.u64(4095n));
      attribute(writer, 10, () => writer.u32(6));
      attribute(writer, 1, () => writer.u32(99));
    })
  );
  assert.deepEqual(unsigned, { policy: { minValue: 1, maxValue: 4095, mask: 6 } });
});

test("attributes that are unknown, cut or malformed are left out", () => {
  assert.equal(read(() => {}), undefined);
  assert.equal(read((writer) => attribute(writer, 77, () => writer.u32(1))), undefined);
  assert.equal(read((writer) => attribute(writer, 2, () => writer.u16(1))), undefined);
  assert.equal(read((writer) => writer.u16(3).u16(1)), undefined);
  assert.equal(read((writer) => writer.u16(99).u16(1).u32(0)), undefined);
  assert.deepEqual(read((writer) => attribute(writer, 2, () => writer.u32(20))), { offset: 20 });
});

test("the attributes follow the header of the request, or all of it", () => {
  const echoed = new MessageWriter(16, 0).text("abcde");
  const request = echoed.finish();
  for (const [flags, length, expected] of [[0x300, 16, 36], [0x200, 21, 44]] as const) {
    const reader = attributes((writer) => writer.u32(0).bytes(request.subarray(0, length)).u32(0));
    assert.equal(extackStart(reader, 2, flags, 16, reader.bytes.byteLength), expected);
  }
  const reader = attributes((writer) => writer.u32(0).u32(0xfffffff0).bytes(new Uint8Array(20)));
  const end = reader.bytes.byteLength;
  assert.equal(extackStart(reader, 2, 0x200, 16, end), end);
  assert.equal(extackStart(reader, 2, 0x100, 16, end), end);
  assert.equal(extackStart(reader, 2, 0x300, 16, 30), 30);
  assert.equal(extackStart(reader, 3, 0x202, 16, end), 20);
});

test("arbitrary bytes give no more than what is in them", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 120 }),
      fc.nat(0xffff),
      fc.boolean(),
      (bytes, flags, isDone) => {
        const reader = new MessageReader(bytes);
        const start = extackStart(reader, isDone ? 3 : 2, flags, 0, bytes.byteLength);
        assert.ok(start >= 0);
        readExtack(reader, start, bytes.byteLength, () => "IFLA_MTU");
      },
    ),
    { numRuns: 20_000 },
  );
});

/** The errors in what was recorded: command, message type, error. */
function recordedErrors(): { cmd: string; error: NetNSError }[] {
  return goldenVectors.flatMap(({ cmd, rx }) =>
    rx.flatMap((bytes) => {
      const reader = new MessageReader(bytes);
      if (reader.u16(4) !== 2 || reader.i32(16) === 0) return [];
      const [flags, end] = [reader.u16(6), reader.u32(0)];
      const start = extackStart(reader, 2, flags, 16, end);
      const extack = readExtack(reader, start, end);
      const type = reader.u16(24);
      return [{ cmd, error: refusedError({ op: cmd, type, result: reader.i32(16), extack }) }];
    })
  );
}

test("the errors that iproute2 was given are told with its words", () => {
  const errors = recordedErrors();
  const unknownKind = errors.filter(({ error }) => error.extack?.message === "Unknown device type");
  assert.ok(unknownKind.length >= 10);
  for (const { cmd, error } of unknownKind) {
    assert.equal(error.code, "EOPNOTSUPP", cmd);
    assert.equal(error.message, `${cmd} failed with EOPNOTSUPP: Unknown device type`);
    assert.equal(error.syscall, "RTM_NEWLINK");
    assert.match(error.hint!, /modprobe/);
  }
  const unknownQdisc = errors.filter(({ cmd }) => cmd.includes("netem"));
  assert.equal(unknownQdisc.length, 2);
  for (const { error } of unknownQdisc) {
    assert.equal(error.code, "ENOENT");
    assert.equal(error.syscall, "RTM_NEWQDISC");
    assert.match(error.hint!, /sch_KIND/);
  }
});

function refused(errno: number, type: number, extack?: Extack): NetNSError {
  return refusedError({ op: "link add v0", type, result: -errno, extack });
}

test("an error without a text has our hint", () => {
  const hints: readonly (readonly [number, number, string, RegExp])[] = [
    [17, 16, "EEXIST", /a link of this name/],
    [17, 24, "EEXIST", /such a route/],
    [17, 20, "EEXIST", /has the address/],
    [19, 16, "ENODEV", /no such link/],
    [3, 25, "ESRCH", /no such route/],
    [9, 16, "EBADF", /netns is no open descriptor/],
    [1, 16, "EPERM", /CAP_NET_ADMIN/],
    [95, 19, "EOPNOTSUPP", /does not support/],
    [105, 20, "ENOBUFS", /mtu/],
    [99, 21, "EADDRNOTAVAIL", /no such address/],
    [16, 16, "EBUSY", /uses it/],
  ];
  for (const [errno, type, code, hint] of hints) {
    const error = refused(errno, type);
    assert.equal(error.code, code);
    assert.equal(error.errno, -errno);
    assert.equal(error.message, `link add v0 failed with ${code}`);
    assert.match(error.hint!, hint);
    assert.equal(error.op, "link add v0");
    assert.equal("extack" in error, false);
  }
});

test("a value that the kernel refuses is told with what it must be", () => {
  const error = refused(34, 16, {
    message: "Attribute failed policy validation",
    offset: 32,
    attribute: "IFLA_IFNAME",
    policy: { type: "STRING", maxLength: 15 },
  });
  assert.equal(
    error.message,
    "link add v0 failed with ERANGE: Attribute failed policy validation",
  );
  assert.equal(error.hint, "IFLA_IFNAME must be STRING, at most 15 bytes long");
  assert.equal(
    refused(22, 16, { policy: { type: "U16", minValue: 1, maxValue: 4094 } }).hint,
    "the attribute must be U16, 1 to 4094",
  );
  assert.equal(
    refused(22, 16, { missing: { type: 1, nest: "IFLA_LINKINFO" } }).hint,
    "attribute 1 of IFLA_LINKINFO is needed",
  );
});

test("a link that is not there is told with its option", () => {
  const error = noSuchLinkError("addr add", "dev", "nope");
  assert.deepEqual(
    [error.message, error.code, error.hint],
    ['addr add failed with ENODEV: dev is "nope"', "ENODEV", 'the namespace has no link "nope"'],
  );
});

test("message types have the names of the header", () => {
  const names = [16, 17, 18, 19, 20, 26, 33, 36, 41, 46, 88, 94, 108, 112].map(messageTypeName);
  assert.deepEqual(names, [
    "RTM_NEWLINK",
    "RTM_DELLINK",
    "RTM_GETLINK",
    "RTM_SETLINK",
    "RTM_NEWADDR",
    "RTM_GETROUTE",
    "RTM_DELRULE",
    "RTM_NEWQDISC",
    "RTM_DELTCLASS",
    "RTM_GETTFILTER",
    "RTM_NEWNSID",
    "RTM_GETSTATS",
    "RTM_NEWLINKPROP",
    "RTM_NEWVLAN",
  ]);
  assert.deepEqual([0, 15, 65535].map(messageTypeName), [
    "message 0",
    "message 15",
    "message 65535",
  ]);
});
