import { NetNS } from "./mod.ts";
const ns = NetNS.create();
for (let round = 0; round < 4; round++) {
const burst = ns.monitor({ groups: ["addr"], rcvbuf: 16 << 20 });
for (let b = 0; b < 10; b++) { await Promise.all(Array.from({ length: 200 }, (_, i) => ns.addr[round % 2 ? "del" : "add"]({ dev: "lo", address: `10.${b}.0.${i + 1}/32` }))); }
let n = 0; const t2 = performance.now();
for await (const e of burst) { if (++n === 2000) break; if (n===1) console.log("first", performance.now()-t2) };
console.log("burst", n, (performance.now() - t2).toFixed(1), "ms");
}
await ns.close();
