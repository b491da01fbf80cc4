/** `netns attach`. @module */

import { NetNS } from "../../../mod.ts";
import { type Command, common } from "../command.ts";
import { directoryOf, processId } from "./shared.ts";

/** Names the namespace of a process. */
export const attach: Command = {
  name: "attach",
  summary: "give the namespace of a process a name",
  usage: "NAME PID",
  example: "netns attach container 4711",
  options: { dir: common.dir },
  words: [2, 2],
  async run({ options, words: [name, pid] }) {
    const ns = NetNS.fromPid(processId(attach, pid!));
    try {
      ns.pin(name!, directoryOf(options));
    } finally {
      await ns.close();
    }
  },
};
