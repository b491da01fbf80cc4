/**
 * `fetch` in a namespace thread: it does what the runtime's own does, and does it inside.
 *
 * @module
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { NetNS } from "../../mod.ts";
import * as cases from "../fixtures/fetch_cases.js";
import { differences, withFetchServers } from "../helpers/fetch_servers.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const isBun = runtime === "bun";
const skipButBun = skipIf(!isBun, "is about Bun's fetch");
const casesUrl = new URL("../fixtures/fetch_cases.js", import.meta.url);

for (const group of ["portable", "bun"] as const) {
  const skip = group === "bun" ? skipButBun : false;
  const name = `fetch inside does what fetch outside does (${group})`;
  // Connections of the runtime's own, outside, outlive the test on some runtimes.
  test(name, { skip, timeout: 240_000 }, () =>
    withFetchServers(async ({ ns, origins }) => {
      const names = Object.keys(cases[group]);
      const inside = await ns.import<typeof cases>(casesUrl);
      const found = await differences(
        names,
        (name) => cases.run(group, name, origins),
        (name) => inside.run(group, name, origins),
      );
      assert.deepEqual(found, []);
    }));

  leakChecked(
    `fetch inside leaves nothing behind (${group})`,
    { skip, timeout: 240_000 },
    () =>
      withFetchServers(async ({ ns, origins }) => {
        const inside = await ns.import<typeof cases>(casesUrl);
        for (const name of Object.keys(cases[group])) await inside.run(group, name, origins);
      }),
  );
}

leakChecked(
  "each side is answered by its own server, in turns",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const ask = async (url: string) => await (await fetch(`${url}/who`)).text();
      const answers = [
        await ask(http),
        await ns.do(ask, http),
        await ask(http),
        await ns.do(ask, http.replace("127.0.0.1", "localhost")),
        await ask(http.replace("127.0.0.1", "localhost")),
      ];
      assert.deepEqual(answers, ["home", "ns", "home", "ns", "home"]);
    }),
);

leakChecked(
  "certificates are verified inside",
  () =>
    withFetchServers(async ({ ns, origins: { https, self, other } }) => {
      const ca = fileURLToPath(new URL("../fixtures/tls/ca.pem", import.meta.url));
      const found = await ns.do(
        async (urls, ca) => {
          const { readFileSync } = await import("node:fs");
          const { get } = await import("node:https");
          const known = readFileSync(ca, "utf8");
          const ask = (url: string, options: object) =>
            new Promise<string>((resolve) => {
              const request = get(`${url}/who`, { ...options, agent: false }, (response) => {
                response.on("data", (chunk) => resolve(String(chunk)));
              });
              request.on("error", (error: NodeJS.ErrnoException) => resolve(`${error.code}`));
            });
          return [
            await ask(urls[0]!, { ca: known }),
            await ask(urls[0]!, {}),
            await ask(urls[1]!, {}),
            await ask(urls[2]!, { ca: known }),
          ];
        },
        [https, self, other],
        ca,
      );
      assert.equal(found[0], "ns");
      assert.ok(found.slice(1).every((code) => code !== "ns"), String(found));
    }),
);

for (const proxy of [undefined, "HTTPS_PROXY"]) {
  const title = proxy === undefined ? "" : ", and which has a proxy";
  leakChecked(
    `the environment of the process decides which certificates hold${title}`,
    async () => {
      const ca = fileURLToPath(new URL("../fixtures/tls/ca.pem", import.meta.url));
      const script = new URL("../fixtures/fetch_own_ca.ts", import.meta.url);
      const none = ["refused", "refused", "refused"];
      const signed = ["refused", "refused", "ns"];
      const all = ["ns", "ns", "ns"];
      const expected: { env: Record<string, string>; byFetch: string[]; byHttps: string[] }[] = [
        { env: {}, byFetch: none, byHttps: none },
        { env: { NODE_EXTRA_CA_CERTS: ca }, byFetch: signed, byHttps: signed },
        {
          env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
          byFetch: runtime === "deno" ? none : all, // Deno's fetch does not know it.
          byHttps: all,
        },
      ];
      if (runtime === "deno") {
        expected.push({ env: { DENO_CERT: ca }, byFetch: signed, byHttps: none });
      }
      for (const { env, byFetch, byHttps } of expected) {
        const proxyEnv = proxy === undefined
          ? {}
          // Nobody listens there: only from inside is the server reached.
          : { [proxy]: "http://127.0.0.1:9", NODE_USE_ENV_PROXY: "1" };
        const { stdout, stderr } = await runScript(script, { env: { ...env, ...proxyEnv } });
        const { inside, outside, handle } = JSON.parse(stdout || stderr);
        const what = JSON.stringify(env);
        assert.deepEqual(inside["fetch"], byFetch, what);
        assert.deepEqual(inside["node:https"], byHttps, what);
        assert.deepEqual(handle, byFetch, what);
        if (proxy !== undefined) continue;
        const atHome = JSON.stringify(outside).replaceAll('"home"', '"ns"');
        assert.deepEqual(inside, JSON.parse(atHome), what);
      }
    },
  );
}

leakChecked("ns.fetch() asks no network but from inside", { skip: skipButBun }, async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const ns = NetNS.create();
  const s3 = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: "b",
    accessKeyId: "id",
    secretAccessKey: "key",
  };
  const refused = { code: "ERR_NETNS_NOT_CONTAINED" };
  try {
    for (const url of ["s3://bucket/key", "S3://bucket/key", new URL("s3://bucket/key")]) {
      await assert.rejects(ns.fetch(url, { s3 } as RequestInit), refused);
    }
    await assert.rejects(ns.fetch("s3://bucket/key"), refused);
    await assert.rejects(ns.with({ timeout: 5000 }).fetch("s3://bucket/key"), refused);
    await assert.rejects(ns.fetch(new Request("s3://bucket/key")), refused);
    const unknown = { name: "TypeError", code: "ERR_INVALID_ARG_VALUE" };
    await assert.rejects(ns.fetch("gopher://127.0.0.1/"), unknown);
    assert.deepEqual(asked, []);
  } finally {
    await ns.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

leakChecked("what Bun can only do outside is refused", { skip: skipButBun }, async () => {
  const ns = NetNS.create();
  try {
    const codes = await ns.do(async () => {
      const { Bun, ShadowRealm } = globalThis as unknown as {
        Bun: {
          [name in "S3Client" | "s3" | "file" | "write"]:
            & ((...args: unknown[]) => unknown)
            & (new (options: object) => unknown)
            & { [method in "list" | "file" | "presign"]: (...args: unknown[]) => unknown };
        };
        ShadowRealm: new () => unknown;
      };
      const attempts: (() => unknown)[] = [
        () => new Bun["S3Client"]({ bucket: "b" }),
        () => Bun["S3Client"].list(),
        () => Bun["s3"].file("x"),
        () => Bun["s3"].presign("x"),
        () => Bun["s3"]("x"),
        () => Bun["file"]("s3://bucket/key"),
        () => Bun["file"](new URL("s3://bucket/key")),
        () => Bun["write"]("s3://bucket/key", "x"),
        () => fetch("s3://bucket/key"),
        () => fetch("https://127.0.0.1/", { protocol: "http2" } as RequestInit),
        () => new ShadowRealm(),
      ];
      const found: unknown[] = [];
      for (const attempt of attempts) {
        try {
          found.push(await attempt());
        } catch (error) {
          found.push((error as { code?: string }).code);
        }
      }
      return found;
    });
    assert.deepEqual(codes, Array(11).fill("ERR_NETNS_NOT_CONTAINED"));
  } finally {
    await ns.close();
  }
});

leakChecked(
  "a response that is dropped lets its connection go",
  { skip: skipButBun },
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const isClosed = await ns.do(async (http) => {
        const { setTimeout } = await import("node:timers/promises");
        for (let round = 0; round < 5; round++) await fetch(`${http}/stall?id=dropped`);
        for (let round = 0; round < 200; round++) {
          (globalThis as unknown as { Bun: { gc(now: boolean): void } }).Bun.gc(true);
          const seen = await (await fetch(`${http}/seen?id=dropped`)).json();
          if (seen === "closed") return true;
          await setTimeout(20);
        }
        return false;
      }, http);
      assert.equal(isClosed, true);
    }),
);

leakChecked(
  "a kept connection that the server closed is replaced",
  { skip: skipButBun },
  () =>
    withFetchServers(async ({ ns }) => {
      const answers = await ns.do(async () => {
        const { createServer } = await import("node:http");
        const { setTimeout } = await import("node:timers/promises");
        const server = createServer((_request, response) => response.end("x"));
        server.on("connection", (socket) => socket.setTimeout(2, () => socket.destroy()));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as { port: number };
        let text = "";
        for (let round = 0; round < 100; round++) {
          text += await (await fetch(`http://127.0.0.1:${port}/`)).text();
          await setTimeout(round % 6);
        }
        server.close();
        return text;
      });
      assert.equal(answers, "x".repeat(100));
    }),
);

leakChecked(
  "a request ends with the reason why it was aborted, also with null",
  {},
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const reasons = await ns.do(async (http) => {
        const reasons: unknown[] = [];
        for (const reason of [null, "a text"]) {
          await (await fetch(`${http}/seen?id=kept`)).text(); // The next one takes its connection.
          const controller = new AbortController();
          const request = fetch(`${http}/stall?id=aborted`, {
            method: "POST",
            body: new ReadableStream({ pull: () => controller.abort(reason) }),
            duplex: "half",
            signal: controller.signal,
          } as RequestInit);
          reasons.push(await request.then(() => "no reason", (error) => error));
        }
        return reasons;
      }, http);
      assert.deepEqual(reasons, [null, "a text"]);
    }),
);
