import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import type { Libc } from "../../ffi/libc.ts";
import { STRUCTURE_SIZE } from "../../ffi/structs.ts";
import { type Kind, symbols } from "../../ffi/symbols.ts";
import { openFiles } from "../helpers/process_state.ts";
import { adapters, failure } from "./adapters.ts";

type Name = keyof Libc;
type AnyFunction = (...args: unknown[]) => number;

/** Arguments with which no function does anything but fail. */
const harmless: Readonly<Record<Kind, unknown>> = {
  i32: -1,
  u32: 0,
  u64: 0,
  buffer: null,
  structure: new Uint8Array(new ArrayBuffer(STRUCTURE_SIZE)),
  path: "/nonexistent/netns-test",
  strings: [],
};

const never = [undefined, NaN, Infinity, 1.5, "1", "", true, {}, [], Symbol("x"), () => 1];

/** Values that a parameter refuses, by its kind. */
const refused: Readonly<Record<Kind, readonly unknown[]>> = {
  i32: [...never, null, 1n, 2 ** 31, -(2 ** 31) - 1, 2 ** 40],
  u32: [...never, null, 1n, -1, 2 ** 32, 2 ** 40],
  u64: [...never, null, -1, -1n, 2 ** 53, 2 ** 60, 2n ** 64n, -(2n ** 63n)],
  buffer: [undefined, 0, 1n, "text", {}, [1], new ArrayBuffer(8), new Uint8Array(0)],
  structure: [undefined, null, 0, {}, new ArrayBuffer(512), new Uint8Array(STRUCTURE_SIZE - 1)],
  path: [undefined, null, 1, {}, new Uint8Array(4), "a\0b", "\0", "a\ud800b", "\udc00"],
  strings: [
    undefined,
    null,
    "text",
    1,
    {},
    new Uint8Array(4),
    [1],
    ["a", null],
    ["a\0b"],
    [
      "\ud800",
    ],
    [new Uint8Array(1)],
    [new Uint16Array(4)],
  ],
};

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Values at the ends of what a parameter takes. */
const taken: Readonly<Record<Kind, readonly unknown[]>> = {
  i32: [-(2 ** 31), -1],
  u32: [0, 2 ** 32 - 1],
  u64: [0, 2 ** 53 - 1, 0n, 2n ** 64n - 1n],
  buffer: [null, new Uint8Array(new ArrayBuffer(64))],
  structure: [],
  path: ["", "/nonexistent/ж🙂", "/nonexistent/\n", bytes("/nonexistent/\xff"), bytes("")],
  strings: [[], [""], ["ж🙂", "", "a".repeat(1000)], [bytes("\xff"), bytes("")]],
};

const entries = Object.entries(symbols) as [Name, (typeof symbols)[Name]][];

for (const { name: adapter, libc } of adapters()) {
  const call = (name: Name, args: readonly unknown[]) => (libc[name] as AnyFunction)(...args);

  for (const [name, { parameters }] of entries) {
    const defaults = parameters.map(([, kind]) => harmless[kind]);
    const variants = (values: Readonly<Record<Kind, readonly unknown[]>>) =>
      parameters.flatMap(([parameter, kind], index) =>
        values[kind].map((value) => ({ parameter, args: defaults.with(index, value) }))
      );

    test(`${adapter}: ${name} refuses bad arguments before they reach C`, () => {
      const before = openFiles();
      for (const { parameter, args } of variants(refused)) {
        assert.throws(
          () => call(name, args),
          (error) =>
            error instanceof TypeError &&
            error.message.startsWith(`Cannot call ${name} as ${parameter} must be `),
          `${name}(${args.map(String).join(", ")})`,
        );
      }
      assert.throws(() => call(name, []), TypeError);
      assert.throws(() => call(name, defaults.slice(0, -1)), TypeError);
      assert.deepEqual(openFiles(), before);
    });

    // A poll waits, and so does waitpid for any child; each system call number is a call of its own,
    // and flock ignores flags that are no longer supported. File actions are only noted.
    if (!["poll", "waitpid", "syscall", "flock"].includes(name) && !name.includes("actions")) {
      test(`${adapter}: ${name} takes whatever its parameters can hold`, () => {
        for (const { args } of variants(taken)) {
          const result = call(name, args);
          assert.ok(Number.isInteger(result) && result < 0, `${name}(${args}) gave ${result}`);
        }
      });
    }
  }

  test(`${adapter}: an undefined descriptor does not become descriptor 0`, () => {
    const before = fs.readlinkSync("/proc/self/fd/0");
    assert.throws(() => call("close", [undefined]), {
      name: "TypeError",
      message:
        "Cannot call close as fd must be a signed 32-bit integer: current value is undefined",
    });
    assert.equal(fs.readlinkSync("/proc/self/fd/0"), before);
    assert.equal(libc.close(-1), failure("EBADF"));
  });
}
