/** `netns list-id`. @module */

import { NetNS } from "../../../mod.ts";
import { type Command, common } from "../command.ts";
import { print, printJson } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Lists the ids by which the current namespace knows others. */
export const listId: Command = {
  name: "list-id",
  summary: "list the ids that the current namespace has for others",
  usage: "",
  example: "netns list-id --json",
  options: { ...common },
  async run({ options }) {
    const names = NetNS.list(directoryOf(options));
    const current = NetNS.current();
    const ids = await current.nsid.list();
    const found = ids.map((nsid) => {
      const name = names.find((entry) => entry.nsid === nsid)?.name;
      return name === undefined ? { nsid } : { nsid, name };
    }).sort((one, two) => one.nsid - two.nsid);
    if (options.json) return printJson(found);
    for (const { nsid, name } of found) print(`nsid ${nsid}${name ? ` (name: ${name})` : ""}`);
  },
};
