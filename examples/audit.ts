/**
 * Where every thread of the process is, and which of them are where nobody has reason to be. Run it
 * as root: `node --import tsx examples/audit.ts`, `deno run -A examples/audit.ts` or
 * `bun examples/audit.ts`.
 */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { NetNS } from "../mod.ts";

/** Prints the threads that are not at home; tells how many are strays. */
function report(when: string): number {
  const home = NetNS.home().inode;
  const threads = NetNS.audit();
  const atHome = threads.filter(({ inode }) => inode === home);
  console.log(`${when}: ${atHome.length} threads at home, and`);
  for (const { tid, name, inode, owner, stray } of threads.filter(({ inode }) => inode !== home)) {
    console.log(`  ${tid} ${name} net:[${inode}] ${stray ? "STRAY" : owner}`);
  }
  return threads.filter((thread) => thread.stray).length;
}

const ns = NetNS.create();
await ns.do(() => {});
report("a handle with a thread");

// A thread that the program starts inside, and forgets.
const forgotten = ns.doSync(() => new Worker("setInterval(() => {}, 1000)", { eval: true }));
await once(forgotten, "online");
await ns.close();
const strays = report("a thread is forgotten");

await forgotten.terminate();
console.log(strays > 0 ? "found the stray" : "found no stray");
