import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "../../src/thread/inside/collect.ts";
import type { DoResult } from "../../src/thread/types.ts";

test("values, promises and thenables give what they resolve to", async () => {
  const object = {};
  assert.equal(await settle(object), object);
  assert.equal(await settle(undefined), undefined);
  assert.equal(await settle(Promise.resolve(Promise.resolve(42))), 42);
  assert.equal(await settle({ then: (resolve: (value: number) => void) => resolve(7) }), 7);
  const error = new Error("no");
  await assert.rejects(settle(Promise.reject(error)), error);
});

test("what a generator yields comes as an array", async () => {
  const list = function* (count: number) {
    for (let index = 0; index < count; index++) yield Promise.resolve(index);
    return "not part of it";
  };
  const stream = async function* () {
    yield 1;
    await Promise.resolve();
    yield Promise.resolve(2);
  };
  assert.deepEqual(await settle(list(3)), [0, 1, 2]);
  assert.deepEqual(await settle(stream()), [1, 2]);
  assert.deepEqual(await settle(Promise.resolve(list(1))), [0]);
});

test("other iterables are left as they are", async () => {
  for (const iterable of [[1], new Set([1]), new Map(), "text", [1].values()]) {
    assert.equal(await settle(iterable), iterable);
  }
});

test("an error of a generator is the error of the call, and its finally block runs", async () => {
  const log: string[] = [];
  const failing = async function* () {
    try {
      yield 1;
      throw new RangeError("half way");
    } finally {
      log.push("cleaned");
    }
  };
  await assert.rejects(settle(failing()), RangeError);
  assert.deepEqual(log, ["cleaned"]);
});

/** Compiles only when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true
  : false;

test("the type of a result says what do() resolves to", () => {
  const checks: true[] = [
    true satisfies Same<DoResult<number>, number>,
    true satisfies Same<DoResult<Promise<Promise<string>>>, string>,
    true satisfies Same<DoResult<void>, void>,
    true satisfies Same<DoResult<number | Promise<string>>, number | string>,
    true satisfies Same<DoResult<Generator<number, void, unknown>>, number[]>,
    true satisfies Same<DoResult<Generator<Promise<number>, string>>, number[]>,
    true satisfies Same<DoResult<AsyncGenerator<{ a: 1 }, void, void>>, { a: 1 }[]>,
    true satisfies Same<DoResult<Promise<AsyncGenerator<number>>>, number[]>,
    true satisfies Same<DoResult<number[]>, number[]>,
    true satisfies Same<DoResult<never>, never>,
    true satisfies Same<DoResult<unknown>, unknown>,
  ];
  assert.equal(checks.length, 11);
});
