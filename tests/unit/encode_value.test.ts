import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createSecretKey, KeyObject } from "node:crypto";
import { EventEmitter } from "node:events";
import { BlockList, Socket } from "node:net";
import process from "node:process";
import test from "node:test";
import vm from "node:vm";
import { MessageChannel } from "node:worker_threads";
import { NetNSError } from "../../src/errors.ts";
import { decodeValue } from "../../src/thread/decode_value.ts";
import { encodeValue, type HandleCodec } from "../../src/thread/encode_value.ts";
import { ask, startProgram } from "../helpers/bundled_thread.ts";

/** Stands for a handle: the other side knows it by its number. */
class Handle {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

const handles: HandleCodec = {
  encode: (value) => value instanceof Handle ? value.number : undefined,
  decode: (data) => new Handle(data as number),
};

const echo = `import { parentPort } from "node:worker_threads";
parentPort!.on("message", (message) => parentPort!.postMessage(message));`;

type Cross = <Value>(value: Value, transfer?: readonly object[]) => Promise<Value>;

/** Gives a function that sends a value to another thread and gets it back. */
async function withThread(run: (cross: Cross) => Promise<void>): Promise<void> {
  const worker = startProgram(echo);
  try {
    await run(async <Value>(value: Value, transfer: readonly object[] = []) => {
      const encoded = encodeValue(value, "value", handles, transfer);
      const answer = await ask(worker, encoded, transfer);
      return decodeValue(answer as typeof encoded, handles) as Value;
    });
  } finally {
    await worker.terminate();
  }
}

/** The error of a value that must be refused. */
function refusal(value: unknown, root = "args"): NetNSError {
  try {
    encodeValue(value, root, handles);
  } catch (error) {
    assert.ok(error instanceof NetNSError, String(error));
    assert.equal(error.code, "ERR_NETNS_UNCLONEABLE");
    return error;
  }
  assert.fail("it was not refused");
}

test("a value that structured clone carries is passed as it is", () => {
  const shared = { deep: [1, { map: new Map([[{}, new Set([1n])]]) }] };
  const values = [
    undefined,
    null,
    true,
    "text",
    42,
    10n,
    [],
    {},
    Object.create(null),
    shared,
    [shared, shared],
    new Date(),
    /a/g,
    new ArrayBuffer(8),
    new SharedArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    new Float64Array(2),
    new Uint8Array(2),
    Object(1n),
    new Blob(["x"]),
    "abc".match(/(?<name>b)/),
    vm.runInNewContext("({ array: [new Map([[1, new Set([2])]])], date: new Date() })"),
    process.versions,
  ];
  for (const value of values) {
    const encoded = encodeValue(value, "args", handles);
    assert.equal(encoded.value, value);
    assert.deepEqual(Object.keys(encoded), ["value"]);
    assert.equal(decodeValue(encoded, handles), value);
  }
});

test("objects of the platform cross where the runtime really clones them", () =>
  withThread(async (cross) => {
    const key = createSecretKey(Buffer.from("secret"));
    const { keyCopy, blob, module } = await cross({
      keyCopy: key,
      blob: new Blob(["hello"], { type: "text/plain" }),
      module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    });
    assert.ok(keyCopy instanceof KeyObject && keyCopy.equals(key));
    assert.equal(await blob.text(), "hello");
    assert.ok(module instanceof WebAssembly.Module);

    const crypto = await globalThis.crypto.subtle.generateKey(
      { name: "AES-GCM", length: 128 },
      true,
      ["encrypt"],
    );
    // Deno cannot clone what it cloned before; then it is refused rather than damaged.
    for (let copy = crypto, hop = 0; hop < 3; hop++) {
      try {
        const encoded = structuredClone(encodeValue([copy], "args", handles));
        [copy] = decodeValue(encoded, handles) as [CryptoKey];
        assert.ok(copy instanceof CryptoKey);
      } catch (error) {
        assert.equal((error as NetNSError).code, "ERR_NETNS_UNCLONEABLE");
        assert.ok(hop > 0);
      }
    }

    const blocked = new BlockList();
    blocked.addAddress("192.0.2.1");
    let copy: BlockList | NetNSError;
    try {
      copy = await cross(blocked);
    } catch (error) {
      copy = error as NetNSError;
    }
    assert.ok(copy instanceof BlockList ? copy.check("192.0.2.1") : copy instanceof NetNSError);
    const file = new File(["x"], "name.txt");
    try {
      assert.equal((await cross(file)).name, "name.txt");
    } catch (error) {
      assert.match((error as NetNSError).hint!, /value\.name/);
    }
  }));

test("handles, buffers and errors arrive as themselves wherever they are", () =>
  withThread(async (cross) => {
    const error = Object.assign(new TypeError("wrong"), { code: "EWRONG" });
    const sent = {
      handle: new Handle(7),
      list: [1, [new Handle(8)]],
      map: new Map<unknown, unknown>([
        ["first", 1],
        [new Handle(9), Buffer.from("key")],
        ["error", error],
      ]),
      set: new Set<unknown>([1, new Handle(10), 2]),
      buffer: Buffer.from("bytes"),
      error,
    };
    const got = await cross(sent);
    assert.ok(got.handle instanceof Handle && got.handle.number === 7);
    assert.equal(((got.list[1] as Handle[])[0] as Handle).number, 8);
    const keys = [...got.map.keys()];
    assert.deepEqual([keys[0], keys[2]], ["first", "error"]);
    assert.ok(keys[1] instanceof Handle && keys[1].number === 9);
    assert.equal(String(got.map.get(keys[1])), "key");
    assert.equal(got.map.get("error"), got.error);
    assert.deepEqual([...got.set].map((item) => item instanceof Handle ? item.number : item), [
      1,
      10,
      2,
    ]);
    assert.ok(Buffer.isBuffer(got.buffer));
    assert.equal(got.buffer.toString(), "bytes");
    assert.ok(got.error instanceof TypeError);
    assert.equal(got.error.code, "EWRONG");
    // What was sent is as it was.
    assert.ok(sent.list[1] instanceof Array && sent.map.get("error") === error);
  }));

test("cycles and shared references survive next to special objects", () =>
  withThread(async (cross) => {
    interface Ring {
      name: string;
      self?: Ring;
      handle?: Handle;
      other?: Ring;
      plain?: object;
      error?: Error;
    }
    const handle = new Handle(1);
    const ring: Ring = { name: "a", handle };
    const other: Ring = { name: "b", other: ring };
    ring.self = ring;
    ring.other = other;
    const plain = { untouched: true };
    ring.plain = other.plain = plain;
    ring.error = Object.assign(new Error("in a ring"), { ring });
    const got = await cross([ring, ring, handle]) as [Ring, Ring, Handle];
    assert.equal(got[0], got[1]);
    assert.equal(got[0].self, got[0]);
    assert.equal(got[0].other!.other, got[0]);
    assert.equal(got[0].plain, got[0].other!.plain);
    assert.equal(got[0].handle, got[2]);
    assert.equal((got[0].error as Error & Ring & { ring: Ring }).ring, got[0]);
  }));

test("only the containers that lead to a special object are copied", () => {
  const plain = { rows: [{ id: 1 }] };
  const lookalike = {};
  const value = { plain, lookalike, list: [plain, new Handle(1)] };
  const encoded = encodeValue(value, "args", handles);
  const copy = encoded.value as typeof value;
  assert.notEqual(copy, value);
  assert.notEqual(copy.list, value.list);
  assert.equal(copy.plain, plain);
  assert.equal(copy.list[0], plain);
  assert.equal(copy.lookalike, lookalike);
  assert.equal(encoded.replaced!.length, 1);
  assert.deepEqual(encoded.holders, [copy.list]);
});

test("sparse arrays keep their holes", () =>
  withThread(async (cross) => {
    const sparse: unknown[] = [];
    sparse[3] = new Handle(3);
    sparse[100_000] = "last";
    const got = await cross(sparse);
    assert.equal(got.length, 100_001);
    assert.deepEqual(Object.keys(got), ["3", "100000"]);
    assert.ok(got[3] instanceof Handle);
  }));

test("an array of few elements is looked through quickly whatever its length", () => {
  const sparse: unknown[] = ["first"];
  sparse[4_000_000_000] = "last";
  assert.equal(encodeValue(sparse, "args", handles).value, sparse);
  sparse[4_000_000_000] = () => {};
  assert.match(refusal(sparse).message, /args\[4000000000\] /);
});

test("a property named __proto__ stays a property", () =>
  withThread(async (cross) => {
    const value = JSON.parse('{ "__proto__": { "polluted": true } }') as Record<string, unknown>;
    value["handle"] = new Handle(1);
    const got = await cross(value);
    assert.equal(Object.getPrototypeOf(got), Object.prototype);
    assert.deepEqual(Object.keys(got), ["__proto__", "handle"]);
    assert.equal(got["polluted"], undefined);
  }));

test("a Buffer brings its own bytes only, and shared memory stays shared", () =>
  withThread(async (cross) => {
    const small = Buffer.from("part of a pool");
    const got = await cross(small);
    assert.deepEqual([got.buffer.byteLength, got.toString()], [small.length, "part of a pool"]);

    const memory = new SharedArrayBuffer(4);
    const view = await cross(Buffer.from(memory, 1, 2));
    view[0] = 7;
    assert.deepEqual([...new Uint8Array(memory)], [0, 7, 0, 0]);

    const large = Buffer.from(new ArrayBuffer(1024), 512);
    large[0] = 9;
    const moved = await cross(large, [large.buffer]);
    assert.deepEqual([moved.length, moved[0], large.buffer.byteLength], [512, 9, 0]);
  }));

test("what is transferred crosses", () =>
  withThread(async (cross) => {
    const { port1, port2 } = new MessageChannel();
    const got = await new Promise<unknown>((resolve, reject) => {
      port1.once("message", resolve);
      const worker = startProgram(`import { parentPort } from "node:worker_threads";
        parentPort!.once("message", ({ value }) => value.nested[0].postMessage("hello"));`);
      worker.once("error", reject);
      const encoded = encodeValue({ nested: [port2] }, "args", handles, [port2]);
      worker.postMessage(encoded, [port2]);
      port1.once("message", () => void worker.terminate());
    });
    port1.close();
    assert.equal(got, "hello");
    const bytes = new Uint8Array([1, 2, 3]);
    assert.deepEqual(await cross(bytes, [bytes.buffer]), new Uint8Array([1, 2, 3]));
  }));

test("what cannot cross is refused with its path", () => {
  class Task {
    id = 1;
  }
  const cases: [value: unknown, message: RegExp][] = [
    [() => {}, /^Cannot pass args to another thread: it is a function$/],
    [[{ onData() {} }], /^Cannot pass args\[0\]\.onData to another thread: .*function onData$/],
    [{ list: [0, 1, Symbol("tag")] }, /args\.list\[2\].*symbol Symbol\(tag\)$/],
    [new Map([["key", { fn: () => {} }]]), /args\.get\("key"\)\.fn /],
    [new Map([[{ fn: () => {} }, 1]]), /args\.keys\(\)\[0\]\.fn /],
    [new Map([[{}, () => {}]]), /args\.values\(\)\[0\] /],
    [new Set([1, () => {}]), /args\.values\(\)\[1\] /],
    [{ "a b": { 'q"': () => {} } }, /args\["a b"\]\["q\\""\] /],
    [{ task: new Task() }, /args\.task .*instance of class Task$/],
    [Object.create({ inherited: 1 }), /args .*prototype of its own$/],
    [[Promise.resolve()], /args\[0\] .*class Promise$/],
    [new WeakMap(), /class WeakMap$/],
    [new WeakSet(), /class WeakSet$/],
    [new WeakRef({}), /class WeakRef$/],
    [Object(Symbol("boxed")), /class Symbol$/],
    [new (class Numbers extends Map {})(), /class Numbers$/],
    [new (class List extends Array {})(), /class List$/],
    [new (class Bytes extends Uint8Array {})(), /class Bytes$/],
    [[1].values(), /an iterator$/],
    [new Map().entries(), /an iterator$/],
    [(function* () {})(), /an iterator$/],
    [(async function* () {})(), /an iterator$/],
    [new URL("http://x/"), /class URL$/],
    [new URLSearchParams(), /class URLSearchParams$/],
    [new Headers(), /class (?:_?Headers)$/],
    [new Request("http://x/"), /class _?Request$/],
    [new Response(), /class _?Response$/],
    [new FormData(), /class _?FormData$/],
    [new AbortController(), /class AbortController$/],
    [AbortSignal.abort(), /class AbortSignal$/],
    [new TextEncoder(), /class TextEncoder$/],
    [new TextDecoder(), /class TextDecoder$/],
    [new ReadableStream(), /class ReadableStream$/],
    [new WritableStream(), /class WritableStream$/],
    [new Event("x"), /class Event$/],
    [new EventTarget(), /class EventTarget$/],
    [new EventEmitter(), /class EventEmitter$/],
    [new Socket(), /class Socket$/],
    [new Intl.NumberFormat(), /class NumberFormat$/],
    [new MessageChannel(), /class MessageChannel$/],
  ];
  for (const [value, message] of cases) assert.match(refusal(value).message, message);
  assert.match(refusal({ headers: [1, () => {}] }, "result").message, /result\.headers\[1\] /);
});

test("a refusal says what to pass instead", () => {
  class Task {}
  const cases: [value: unknown, hint: RegExp][] = [
    [[() => {}], /inside the function/],
    [[new Task()], /\{ \.\.\.args\[0\] \}/],
    [[Promise.resolve()], /await/],
    [[new URL("http://x/")], /args\[0\]\.href/],
    [[new Headers()], /\[\.\.\.args\[0\]\]/],
    [[[1].values()], /\[\.\.\.args\[0\]\]/],
    [[AbortSignal.abort()], /with\(\{ signal \}\)/],
    [[new ReadableStream()], /transfer/],
    [[new Socket()], /use it there/],
    [[new (class List extends Map {})()], /new Map\(args\[0\]\)/],
  ];
  for (const [value, hint] of cases) assert.match(refusal(value).hint!, hint);
});

test("a getter that throws is refused with its path and its error", () => {
  const cause = new Error("no");
  const value = {
    get bad() {
      throw cause;
    },
  };
  const error = refusal({ list: [value] });
  assert.match(error.message, /args\.list\[0\]\.bad .*reading it failed$/);
  assert.equal(error.cause, cause);
  const late = refusal({ handle: new Handle(1), value });
  assert.match(late.message, /args\.value\.bad /);

  const trap = new Proxy({}, {
    getPrototypeOf() {
      throw cause;
    },
  });
  assert.equal(refusal([trap]).cause, cause);
});

test("a getter is read once where the container is copied", () => {
  let reads = 0;
  const value = {
    handle: new Handle(1),
    get fresh() {
      reads += 1;
      return { handle: new Handle(2) };
    },
  };
  const encoded = encodeValue(value, "args", handles);
  // The quick look and the copy read it, the clone does not.
  assert.equal(reads, 2);
  const got = decodeValue(structuredClone(encoded), handles) as typeof value;
  assert.equal(got.fresh.handle.number, 2);
  assert.equal(reads, 2);
});

function nested(levels: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown {
  let value = inner;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

const wraps: Record<string, (inner: unknown) => unknown> = {
  objects: (inner) => ({ inner }),
  arrays: (inner) => [inner],
  maps: (inner) => new Map([["inner", inner]]),
  "keys of maps": (inner) => new Map([[inner, 1]]),
  sets: (inner) => new Set([inner]),
  errors: (inner) => [Object.assign(new Error("e"), { inner })],
};

for (const [name, wrap] of Object.entries(wraps)) {
  test(`${name} nested 100,000 levels deep are refused or cut, 900 levels cross`, () =>
    withThread(async (cross) => {
      if (name === "errors") {
        assert.ok((await cross(nested(100_000, wrap, 1)) as Error[])[0] instanceof Error);
      } else {
        for (const inner of [1, new Handle(1)]) {
          const error = refusal(nested(100_000, wrap, inner));
          assert.match(error.message, /^Cannot pass args .*nested more than 1000 levels deep$/);
        }
      }
      await cross(nested(900, wrap, 1));
      await cross(nested(900, wrap, new Handle(1)));
    }));
}

test("a handle that cannot travel says so itself", () => {
  const closed = new NetNSError("It is closed", { code: "ERR_NETNS_CLOSED" });
  const codec: HandleCodec = {
    encode() {
      throw closed;
    },
    decode: () => undefined,
  };
  assert.throws(() => encodeValue([new Handle(1)], "args", codec), closed);
});

test("100,000 rows with one handle among them cross", () =>
  withThread(async (cross) => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, tags: ["a"] }));
    const got = await cross({ rows, handle: new Handle(5) });
    assert.equal(got.rows.length, 100_000);
    assert.deepEqual(got.rows[99_999], { id: 99_999, tags: ["a"] });
    assert.equal(got.handle.number, 5);
  }));
