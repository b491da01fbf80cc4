import process from "node:process";
import { isMainThread, parentPort, Worker, threadId } from "node:worker_threads";
import fs from "node:fs";
import { NetNS } from "./mod.ts";
const count = () => fs.readdirSync("/proc/self/task").length;
const names = () => fs.readdirSync("/proc/self/task").map((t) => fs.readFileSync(`/proc/self/task/${t}/comm`, "utf8").trim()).join(",");
async function main() { if (isMainThread) {
  NetNS.home();
  const tsx = (await import("node:module")).createRequire(import.meta.url).resolve("tsx/cjs/api");
  const node20 = !("Deno" in globalThis) && !("Bun" in globalThis) && !process.versions.node.startsWith("26");
  const start = () => node20 ? new Worker(`const { workerData } = require("node:worker_threads"); require(workerData.tsx).require(workerData.file, workerData.file);`, { eval: true, workerData: { tsx, file: new URL(import.meta.url).pathname } }) : new Worker(new URL(import.meta.url));
  console.log("before", count(), names());
  for (let i = 0; i < 3; i++) {
    const w = start();
    w.on("error", (e) => console.log("E", e));
    await new Promise((r) => w.once("message", r));
    await new Promise((r) => setTimeout(r, 500));
    console.log("during", count());
    const t = performance.now();
    await w.terminate();
    console.log("terminated", performance.now() - t);
  }
  await new Promise((r) => setTimeout(r, 2500));
  console.log("after", count(), names());
  const t = Date.now();
  process.on("exit", () => console.log("exit event", Date.now() - t));
} else {
  const ns = NetNS.create();
  const mon = ns.monitor({ groups: ["link"] });
  mon.next().then(() => console.log("never"));
  setTimeout(() => { parentPort!.postMessage("up"); }, 300);
}
}; main();
