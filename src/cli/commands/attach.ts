/** `netns attach`. @module */

import { pinNamespace } from "../../named.ts";
import { openPid } from "../../open.ts";
import { type Command, common } from "../command.ts";
import { directoryOf, processId } from "./shared.ts";

/** Names the namespace of a process. */
export const attach: Command = {
  name: "attach",
  summary: "give the namespace of a process a name",
  usage: "NAME PID",
  example: "netns attach container 4711",
  options: { dir: common.dir },
  positionals: [2, 2],
  run({ options, positionals: [name, pid] }) {
    const ns = openPid(processId(attach, pid!));
    try {
      pinNamespace(ns, name!, directoryOf(options));
    } finally {
      ns.close();
    }
  },
};
