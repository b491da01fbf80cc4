/**
 * Proxies: those of the process are not for its namespaces.
 *
 * @module
 */

import assert from "node:assert/strict";
import process from "node:process";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipIf } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";
import { withFetchServers } from "../helpers/fetch_servers.ts";

const script = new URL("../fixtures/fetch_proxy.ts", import.meta.url);
const isNode = runtime.startsWith("node");
const isDeno = runtime === "deno";

/** An address of the loopback interface that no other test uses. */
const host = `127.88.${process.pid >> 8 & 255}.${process.pid & 255}`;
const port = 3128;

/** Who answers each client inside, when none uses the proxy of the process. */
const answers: Record<string, string> = {
  "fetch": "ns",
  "node:http": "ns",
  "node:http without agent": "ns",
  "node:http with an agent": "ns",
  "node:https": "ns",
  "node:https without agent": "ns",
  "node:https with an agent": "ns",
  ...("WebSocket" in globalThis
    ? { WebSocket: isDeno ? "ERR_NETNS_NOT_CONTAINED" : "the server" }
    : {}),
  ...(isDeno
    ? { HttpClient: "ERR_NETNS_NOT_CONTAINED", EventSource: "ERR_NETNS_NOT_CONTAINED" }
    : {}),
};

for (
  const variables of [["HTTP_PROXY", "HTTPS_PROXY"], ["http_proxy", "https_proxy"], ["ALL_PROXY"]]
) {
  leakChecked(`${variables.join(" and ")} of the process are not used inside`, async () => {
    const env = {
      ...Object.fromEntries(variables.map((name) => [name, `http://${host}:${port}`])),
      NODE_USE_ENV_PROXY: "1",
    };
    const { stdout, stderr } = await runScript(script, { args: [host, `${port}`], env });
    // Node does not know ALL_PROXY, and Node 20 no proxies at all.
    const isProxied = !isNode || (runtime !== "node-koffi" && variables[0] !== "ALL_PROXY");
    assert.deepEqual(JSON.parse(stdout || stderr), {
      inside: answers,
      throughHandle: "ns",
      outside: isProxied ? "proxy" : "home",
      // Node reads its environment for fetch once, when the thread starts.
      set: isNode ? "ns" : "proxy inside",
      environment: { inside: [], outside: [...variables].sort() },
    });
  });
}

leakChecked(
  "a proxy that the process is given later is not used inside",
  () =>
    withFetchServers(async ({ ns, origins: { http } }) => {
      const inside = async (url: string) => await (await fetch(url)).text();
      await ns.do(inside, "data:,x"); // This is no request, and settles nothing.
      const answers: string[] = [];
      try {
        for (const port of ["9", undefined, "9"]) {
          if (port === undefined) delete process.env["HTTP_PROXY"];
          else process.env["HTTP_PROXY"] = `http://127.0.0.1:${port}`;
          answers.push(
            await ns.do(inside, `${http}/who`),
            await (await ns.fetch(`${http}/who`)).text(),
          );
        }
      } finally {
        delete process.env["HTTP_PROXY"];
      }
      assert.deepEqual(answers, Array(6).fill("ns"));
    }),
);

leakChecked("a program that may not read its environment can fetch", {
  skip: skipIf(!isDeno, "only Deno has permissions"),
}, async () => {
  const flags = ["--allow-ffi", "--allow-net", "--no-prompt"];
  const script = new URL("../fixtures/fetch_exit.ts", import.meta.url);
  for (const env of [{}, { HTTP_PROXY: `http://${host}:${port}` }]) {
    const { stdout, stderr } = await runScript(script, { flags, env, args: ["reading"] });
    assert.equal(stdout.trim(), "begin\nend", stderr);
  }
});

leakChecked("the proxy option is reached from inside", {
  skip: skipIf(runtime !== "bun", "is an option of Bun's fetch"),
}, () =>
  withFetchServers(async ({ ns, origins: { http, https } }) => {
    const ca = new URL("../fixtures/tls/ca.pem", import.meta.url).pathname;
    const found = await ns.do(
      async (http, https, ca) => {
        const { createServer } = await import("node:http");
        const { connect } = await import("node:net");
        const { readFileSync } = await import("node:fs");
        const seen: string[] = [];
        const proxy = createServer((request, response) => {
          seen.push(`${request.method} ${request.headers["proxy-authorization"]}`);
          response.end(`proxied ${new URL(request.url!).pathname}`);
        });
        proxy.on("connect", (request, socket) => {
          seen.push(`${request.method} ${request.headers["proxy-authorization"]}`);
          const [host, port] = request.url!.split(":");
          const target = connect(Number(port), host!, () => {
            socket.write("HTTP/1.1 200 OK\r\n\r\n");
            socket.pipe(target).pipe(socket);
          });
          target.on("error", () => socket.destroy());
          socket.on("error", () => target.destroy());
        });
        await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
        const { port } = proxy.address() as { port: number };
        const option = `http://user:pass@127.0.0.1:${port}`;
        const tls = { ca: readFileSync(ca, "utf8") };
        const ask = async (url: string, init: object) => {
          try {
            return await (await fetch(`${url}/who`, init as RequestInit)).text();
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        const answers = [
          await ask(http, { proxy: option }),
          await ask(https, { proxy: option, tls }),
          await ask(https, { proxy: option }),
          await ask(http, { proxy: "socks5://127.0.0.1:1" }),
          await ask(http, { proxy: false }),
        ];
        proxy.close();
        return { answers, seen };
      },
      http,
      https,
      ca,
    );
    const authorization = `Basic ${btoa("user:pass")}`;
    assert.deepEqual(found, {
      answers: [
        "proxied /who",
        "ns",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "UnsupportedProxyProtocol",
        "ns",
      ],
      seen: [`GET ${authorization}`, `CONNECT ${authorization}`, `CONNECT ${authorization}`],
    });
  }));
