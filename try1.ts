import { NetNS } from "./mod.ts";
import process from "node:process";
const ns = NetNS.create();
const mon = ns.monitor({ groups: ["link", "addr"] });
const t0 = performance.now();
const got: string[] = [];
const loop = (async () => { for await (const e of mon) { if (e.type === "overrun") { got.push("overrun"); continue; } got.push(e.group === "link" ? `${e.type} link ${e.link.name} ${e.link.up}` : `${e.type} addr ${e.addr.dev} ${e.addr.address}`); if (e.type === "del" && e.group === "link") break; } })();
await ns.link.add({ kind: "veth", name: "v0", peer: { name: "v1" } });
await ns.link.set("v0", { up: true });
await ns.addr.add({ dev: "v0", address: "10.0.0.1/24" });
await new Promise((r) => setTimeout(r, 300));
console.log(NetNS.audit().filter((t) => t.owner !== "home"));
await ns.link.set("v1", { name: "renamed" });
await ns.link.del("v0");
const t1 = performance.now();
await loop;
console.log("end ms", performance.now() - t1);
console.log(got.join("\n"));
console.log(NetNS.audit().filter((t) => t.owner !== "home"));
// burst
const burst = ns.monitor({ groups: ["addr"], rcvbuf: 8 << 20 });
for (let b = 0; b < 10; b++) await Promise.all(Array.from({ length: 200 }, (_, i) => ns.addr.add({ dev: "lo", address: `10.${b}.0.${i + 1}/32` })));
let n = 0; const t2 = performance.now();
for await (const e of burst) if (e.type === "overrun" || ++n === 2000) { console.log(e.type); break; }
console.log("burst", n, (performance.now() - t2).toFixed(1), "ms");
// remote
const r = await ns.do(async (ctx) => {
  const events = ctx.ns.monitor({ groups: ["link"] });
  await ctx.ns.link.add({ kind: "ifb", name: "ifb7" });
  for await (const e of events) return e.type !== "overrun" && e.link.name;
});
console.log("remote", r);
const c = new AbortController();
const sig = ns.monitor({ signal: c.signal });
const p = sig.next(), q = sig.next();
setTimeout(() => c.abort(), 50);
console.log(await p, await q, await sig.next());
const cl = ns.monitor();
const pc = cl.next().catch((e) => e.code);
const pc2 = cl.next();
await ns.close();
console.log(await pc, await pc2, await cl.next());
console.log(NetNS.audit().filter((t) => t.owner !== "home").length);
