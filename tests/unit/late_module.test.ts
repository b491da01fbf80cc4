import assert from "node:assert/strict";
import test from "node:test";
import { LateModule } from "../../src/late_module.ts";

test("a module is loaded by a microtask, never by the call, and once", async () => {
  let imports = 0;
  const late = new LateModule("it", () => {
    imports++;
    return Promise.resolve({ name: "module" });
  });
  const loading = [late.load(), late.load()];
  assert.equal(imports, 0);
  assert.equal(late.loaded, undefined);
  const [one, two] = await Promise.all(loading);
  assert.equal(one, two);
  assert.equal(late.loaded, one);
  assert.equal(await late.load(), one);
  assert.equal(imports, 1);
});

test("a module that cannot be loaded is told of, and tried again by the next call", async () => {
  let fails = true;
  const cause = new Error("the file is gone");
  const late = new LateModule("it", () => fails ? Promise.reject(cause) : Promise.resolve(7));
  const waiting = [late.load(), late.load()];
  for (const each of waiting) {
    await assert.rejects(each, {
      name: "NetNSError",
      code: "ERR_NETNS_UNSUPPORTED",
      message: "Cannot load it: the file is gone",
      hint: /keep them readable/,
      cause,
    });
  }
  await assert.rejects(late.load(), { cause });
  fails = false;
  assert.equal(await late.load(), 7);
});

for (
  const [how, cause] of Object.entries({
    "of Node": Object.assign(new Error("EMFILE: too many open files, open 'x'"), {
      code: "EMFILE",
    }),
    "of Deno": Object.assign(
      new TypeError("Import 'x' failed.\n  Too many open files (os error 24)"),
      {
        code: "ERR_MODULE_NOT_FOUND",
      },
    ),
    "of Bun": new Error('EMFILE reading "x"'),
  })
) {
  test(`a module without a descriptor to read it by fails with EMFILE, by the error ${how}`, async () => {
    await assert.rejects(new LateModule("it", () => Promise.reject(cause)).load(), {
      name: "NetNSError",
      code: "EMFILE",
      hint: /ulimit -n/,
      cause,
    });
  });
}
