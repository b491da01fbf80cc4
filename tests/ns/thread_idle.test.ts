import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** The id of the thread in the kernel. */
async function whoAmI(): Promise<string> {
  const fs = await import("node:fs");
  return fs.readlinkSync("/proc/thread-self").split("/").pop()!;
}

leakChecked(
  "an idle thread ends after threadIdleMs, and comes back by itself",
  { skip },
  async () => {
    const ns = NetNS.create({ threadIdleMs: 30 });
    const first = await ns.do(whoAmI);
    while (fs.existsSync(`/proc/self/task/${first}`)) await sleep(5);
    const second = await ns.do(whoAmI);
    assert.notEqual(second, first);
    await ns.close();
  },
);

leakChecked("a busy thread is not ended", { skip }, async () => {
  const ns = NetNS.create({ threadIdleMs: 20 });
  const whole = ns.do(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const fs = await import("node:fs");
    return fs.readlinkSync("/proc/thread-self").split("/").pop()!;
  });
  const among = await ns.do(whoAmI);
  assert.equal(await whole, among);
  await ns.close();
});

leakChecked("without threadIdleMs the thread stays", { skip }, async () => {
  const ns = NetNS.create();
  const first = await ns.do(whoAmI);
  await sleep(100);
  assert.equal(await ns.do(whoAmI), first);
  await ns.close();
});

leakChecked("a thread stays while the body of a response is read", { skip }, async () => {
  const ns = NetNS.create({ threadIdleMs: 20 });
  const server = ns.listen({ port: 8080, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("error", () => {}).once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbegin ");
      setTimeout(() => socket.end("end"), 200);
    });
  });
  const response = await ns.fetch("http://127.0.0.1:8080/");
  const reader = response.body!.getReader();
  let text = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += new TextDecoder().decode(chunk.value);
    await sleep(60);
  }
  assert.equal(text, "begin end");
  await new Promise((resolve) => server.close(resolve));
  await ns.close();
});

leakChecked("threadIdleMs must be a whole number of ms", { skip }, () => {
  for (const threadIdleMs of [0, -1, 1.5, NaN, "1", null]) {
    assert.throws(
      () => NetNS.create({ threadIdleMs: threadIdleMs as number }),
      /^(Type|Range)Error: options\.threadIdleMs must be /,
    );
  }
});
