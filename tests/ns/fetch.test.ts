/**
 * `ns.fetch()`: requests that leave from inside and are read outside.
 *
 * @module
 */

import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import * as cases from "../fixtures/fetch_cases.js";
import { differences, withFetchServers } from "../helpers/fetch_servers.ts";
import { collectGarbage } from "../helpers/garbage.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const skipButBun = skipIf(runtime !== "bun", "is about Bun's fetch");

/** Cases that are not about the fetch that they are given, or need what stays in one thread. */
const others = [
  /^Bun\.fetch|^undici|^node-fetch|^imported|^name of|^preconnect|^no input|^bad signal/,
  /^checkServerIdentity|^session|^body used|^body of GET/,
  // The error of the thread is the same, but its code is enumerable.
  runtime === "bun" ? /^unknown scheme/ : /^$/,
];

for (const group of ["portable", "bun"] as const) {
  const skip = group === "bun" ? skipButBun : false;
  const name = `ns.fetch does what fetch does (${group})`;
  test(name, { skip, timeout: 240_000 }, () =>
    withFetchServers(async ({ ns, origins }) => {
      const names = Object.keys(cases[group])
        .filter((name) => !others.some((pattern) => pattern.test(name)));
      const tried = ((input, init) => ns.fetch(input as string, init)) as typeof fetch;
      const found = await differences(
        names,
        (name) => cases.run(group, name, origins),
        (name) => cases.run(group, name, origins, tried),
      );
      assert.deepEqual(found, []);
    }));
}

leakChecked(
  "ns.fetch leaves nothing behind",
  { timeout: 240_000 },
  () =>
    withFetchServers(async ({ ns, origins }) => {
      const tried = ((input, init) => ns.fetch(input as string, init)) as typeof fetch;
      for (const name of Object.keys(cases.portable)) {
        await cases.run("portable", name, origins, tried);
      }
    }),
);

leakChecked("an error is that of fetch, with its cause", () =>
  withFetchServers(async ({ ns }) => {
    const error = await ns.fetch("http://127.0.0.1:9999/").catch((error) => error);
    assert.ok(error instanceof TypeError);
    if (runtime.startsWith("node")) {
      assert.equal(error.message, "fetch failed");
      assert.equal((error.cause as NodeJS.ErrnoException).code, "ECONNREFUSED");
    } else if (runtime === "bun") {
      assert.equal((error as NodeJS.ErrnoException).code, "ECONNREFUSED");
    } else assert.ok(error.cause instanceof Error);
  }));

leakChecked("a handle that is closed makes no requests", async () => {
  const ns = NetNS.create();
  await ns.close();
  await assert.rejects(ns.fetch("http://127.0.0.1/"), { code: "ERR_NETNS_CLOSED" });
});

leakChecked(
  "closing the handle ends a body that is open",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const { body } = await ns.fetch(`${http}/stall?id=close`);
      const reader = body!.getReader();
      await reader.read();
      await ns.close();
      await assert.rejects(reader.read(), { code: "ERR_NETNS_CLOSED" });
    }),
);

leakChecked(
  "closing by force ends a read that waits, and a request that does",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const { body } = await ns.fetch(`${http}/stall?id=force`);
      const reader = body!.getReader();
      await reader.read();
      const read = assert.rejects(reader.read(), { code: "ERR_NETNS_CLOSED" });
      const request = assert.rejects(ns.fetch(`${http}/hang?id=f`), { code: "ERR_NETNS_CLOSED" });
      await ns.close({ force: true });
      await read;
      await request;
    }),
);

leakChecked(
  "a body fails when the thread dies",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const { body } = await ns.fetch(`${http}/stall?id=death`);
      const reader = body!.getReader();
      await reader.read();
      const read = assert.rejects(reader.read(), { code: "ERR_NETNS_THREAD_EXITED" });
      await assert.rejects(ns.do(() => globalThis.process.exit(3)));
      await read;
    }),
);

leakChecked(
  "options that cannot cross are refused by name",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      class Dispatcher {}
      const init = { dispatcher: new Dispatcher() } as RequestInit;
      await assert.rejects(ns.fetch(`${http}/who`, init), {
        code: "ERR_NETNS_UNCLONEABLE",
        message: /request\.init\.dispatcher/,
      });
    }),
);

leakChecked(
  "a request may be bound to a time limit and a signal",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const limited = ns.with({ timeout: 50 });
      await assert.rejects(limited.fetch(`${http}/hang?id=l`), { name: "TimeoutError" });
      // The response has to begin within this one.
      const { body } = await ns.with({ timeout: 3000 }).fetch(`${http}/stall?id=b`);
      await assert.rejects(new Response(body).text(), { name: "TimeoutError" });
      const controller = new AbortController();
      const request = ns.with({ signal: controller.signal }).fetch(`${http}/hang?id=s`);
      controller.abort(new RangeError("enough"));
      await assert.rejects(request, RangeError);
      assert.equal(await (await ns.fetch(`${http}/who`)).text(), "ns");
    }),
);

leakChecked(
  "a response that is dropped lets its connection go",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      for (let round = 0; round < 5; round++) await ns.fetch(`${http}/stall?id=dropped`);
      for (let round = 0;; round++) {
        collectGarbage();
        const seen = await (await ns.fetch(`${http}/seen?id=dropped`)).json();
        if (seen === "closed") return;
        assert.ok(round < 200, "the connection stays open");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }),
);

leakChecked("an open body keeps the process alive only while it is read", async () => {
  const script = new URL("../fixtures/fetch_exit.ts", import.meta.url);
  for (const mode of ["open", "reading"]) {
    const { stdout, stderr, exitCode } = await runScript(script, { args: [mode] });
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout.trim(), mode === "open" ? "begin" : "begin\nend");
  }
});

leakChecked("what needs no network is bound and closed like any request", async () => {
  const ns = NetNS.create();
  const url = "data:text/plain,here";
  assert.equal(await (await ns.fetch(url)).text(), "here");
  assert.equal(await (await ns.fetch(new Request(url))).text(), "here");
  const blob = URL.createObjectURL(new Blob(["of this thread"]));
  assert.equal(await (await ns.fetch(blob)).text(), "of this thread");
  URL.revokeObjectURL(blob);
  const aborted = AbortSignal.abort(new Error("not wanted"));
  await assert.rejects(ns.with({ signal: aborted }).fetch(url), { message: "not wanted" });
  await assert.rejects(ns.fetch(url, { signal: aborted }), { message: "not wanted" });
  await ns.close();
  await assert.rejects(ns.fetch(url), { code: "ERR_NETNS_CLOSED" });
});
