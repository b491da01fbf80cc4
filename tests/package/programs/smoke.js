/**
 * What a user's first program does with the installed package; prints what it saw as JSON.
 *
 * @module
 */

import { NetNS } from "@netns/netns";
import { readlinkSync } from "node:fs";

/** The inode of the namespace of the calling thread; 0 where its link may not be read. */
function whereAmI() {
  try {
    return Number(/\d+/.exec(readlinkSync("/proc/thread-self/ns/net"))[0]);
  } catch {
    return 0;
  }
}

async function main() {
  const home = NetNS.home().inode;
  const ns = NetNS.create();
  const created = ns.inode;
  const inDoSync = ns.doSync(() => {
    const here = NetNS.current();
    const { inode } = here;
    here.close();
    return inode;
  });
  const sum = await ns.do((one, other) => one + other, 40, 2);
  const inDo = await ns.do(whereAmIInside);
  const failure = await ns.do(() => {
    throw new RangeError("from inside");
  }).catch((error) => `${error.name}: ${error.message}`);
  await ns.close();
  console.log(JSON.stringify({
    moved: created !== home && inDoSync === created,
    inDo: inDo === created ? "inside" : inDo,
    sum,
    failure,
    back: [home, 0].includes(whereAmI()) && NetNS.home().inode === home,
    closed: ns.closed,
  }));
}

/** As `whereAmI`, without what only this module has. */
async function whereAmIInside() {
  const { readlinkSync } = await import("node:fs");
  try {
    return Number(/\d+/.exec(readlinkSync("/proc/thread-self/ns/net"))[0]);
  } catch {
    return "not to be read";
  }
}

main();
