import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { BlockList } from "node:net";
import type { NetNS } from "../../mod.ts";
import { withNamespace } from "../helpers/namespace_test.ts";
import { runtime } from "../helpers/runtime.ts";

// What docs/functions.md tells of values that some runtimes, or none, carry in full.

const refused = { code: "ERR_NETNS_UNCLONEABLE" };

/** A value after its way inside and back. */
function there<T>(ns: NetNS, value: T): Promise<T> {
  return ns.do((value: unknown) => value, value) as Promise<T>;
}

withNamespace(
  "a Blob and a File cross with their contents, but for a File of Node 20",
  async (ns) => {
    const blob = await there(ns, new Blob(["bytes"], { type: "text/plain" }));
    assert.ok(blob instanceof Blob);
    assert.match(blob.type, /^text\/plain/);
    assert.equal(await blob.text(), "bytes");
    const call = there(ns, new File(["bytes"], "name"));
    if (runtime === "node-koffi") return await assert.rejects(call, refused);
    const file = await call;
    assert.ok(file instanceof File);
    assert.deepEqual([file.name, await file.text()], ["name", "bytes"]);
  },
);

withNamespace("keys of node:crypto cross", async (ns) => {
  const secret = await there(ns, createSecretKey(Buffer.from("secret")));
  assert.equal(secret.export().toString(), "secret");
  const inside = (key: KeyObject) => [key.type, key.asymmetricKeyType];
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  assert.deepEqual(await ns.do(inside, publicKey), ["public", "ed25519"]);
  assert.deepEqual(await ns.do(inside, privateKey), ["private", "ed25519"]);
});

withNamespace("a CryptoKey crosses, but not back on Deno", async (ns) => {
  const { subtle } = globalThis.crypto;
  const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
  const back = there(ns, key);
  if (runtime === "deno") await assert.rejects(back, refused);
  else assert.equal((await back).type, "secret");
  const sign = async (key: CryptoKey, data: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
  const data = Uint8Array.of(1, 2);
  assert.deepEqual(await ns.do(sign, key, data), await sign(key, data));
  const made = await ns.do(() =>
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"])
  ) as CryptoKey;
  assert.equal((await sign(made, data)).length, 32);
});

withNamespace("a BlockList crosses, but for Deno", async (ns) => {
  const list = new BlockList();
  list.addAddress("192.0.2.1");
  const call = there(ns, list);
  if (runtime === "deno") await assert.rejects(call, refused);
  else assert.ok((await call).check("192.0.2.1"));
});

withNamespace("a web stream is moved when it is to be, but for Bun", async (ns) => {
  const stream = () =>
    new ReadableStream<string>({
      start(controller) {
        controller.enqueue("from outside");
        controller.close();
      },
    });
  const read = async (stream: ReadableStream<string>) => {
    let text = "";
    for await (const chunk of stream) text += chunk;
    return text;
  };
  await assert.rejects(ns.do(read, stream()), refused);
  const moved = stream();
  const call = ns.with({ transfer: [moved] }).do(read, moved);
  if (runtime === "bun") await assert.rejects(call, refused);
  else assert.equal(await call, "from outside");
});

withNamespace("what a copy leaves out is left out without an error", async (ns) => {
  const object = { a: 1, [Symbol.for("b")]: 2 };
  Object.defineProperty(object, "c", { value: 3, enumerable: false });
  assert.deepEqual(Reflect.ownKeys(await there(ns, object)), ["a"]);

  const descriptor = Object.getOwnPropertyDescriptor(
    await there(ns, {
      get a() {
        return 7;
      },
    }),
    "a",
  );
  assert.equal(descriptor!.value, 7);
  assert.equal(Object.isFrozen(await there(ns, Object.freeze({ a: 1 }))), false);
  const bare = await there(ns, Object.assign(Object.create(null), { a: 1 }) as object);
  assert.equal(Object.getPrototypeOf(bare), Object.prototype);

  const expression = /a/g;
  expression.lastIndex = 3;
  assert.equal((await there(ns, expression)).lastIndex, 0);
  const added = [new Date(0), /a/, new ArrayBuffer(1), new Uint8Array(1), Buffer.from("a")];
  for (const value of added) {
    assert.deepEqual(
      Object.hasOwn(await there(ns, Object.assign(value, { added: 1 })), "added"),
      false,
    );
  }
  for (const value of [new Map([[1, 2]]), new Set([1])]) {
    const copy = await there(ns, Object.assign(value, { added: 1 }));
    assert.equal(Object.hasOwn(copy, "added"), runtime === "bun");
  }
});
