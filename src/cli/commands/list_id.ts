/** `netns list-id`. @module */

import { netlinkOptions } from "../../handle_netlink.ts";
import { listNamed } from "../../named.ts";
import { listNsids } from "../../netlink/nsid/list_nsids.ts";
import { Netlink } from "../../netlink/netlink.ts";
import type { NsidEntry, NsidFilter } from "../../netlink/nsid/nsid_message.ts";
import { home } from "../../position.ts";
import { type Command, common, UsageError } from "../command.ts";
import { print, printJson } from "../output.ts";
import { directoryOf } from "./shared.ts";

/** Lists the ids by which a namespace knows others. */
export const listId: Command = {
  name: "list-id",
  summary: "list the ids that the current namespace has for others",
  usage: "[target-nsid NSID] [nsid NSID]",
  details:
    "target-nsid: those of another namespace, given by its id, beside the current one's. nsid: that " +
    "of one namespace alone, given by its id in the current one.",
  example: "netns list-id target-nsid 0",
  options: { ...common },
  positionals: [0, 4],
  async run({ options, positionals }) {
    const names = listNamed(directoryOf(options));
    const filter = filterOf(positionals);
    const { target } = filter;
    const found = (await ask(filter)).map(({ nsid, currentNsid }) => {
      const name = names.find((entry) => entry.nsid === (currentNsid ?? nsid))?.name;
      return {
        ...(nsid === undefined ? {} : { nsid }),
        ...(currentNsid === undefined ? {} : { "current-nsid": currentNsid }),
        ...(name === undefined ? {} : { name }),
      };
    }).sort((one, two) => (one.nsid ?? -1) - (two.nsid ?? -1));
    if (options.json) return printJson(found);
    for (const { nsid, "current-nsid": current, name } of found) {
      print([
        ...(nsid === undefined ? [] : [`nsid ${nsid}`]),
        ...(target === undefined ? [] : [`current-nsid ${current ?? "unassigned"}`]),
        ...(name === undefined ? [] : [`(iproute2 netns name: ${name})`]),
      ].join(" "));
    }
  },
};

/** The words of `ip netns list-id`. */
function filterOf(words: readonly string[]): NsidFilter {
  const filter: { target?: number; nsid?: number } = {};
  for (let index = 0; index < words.length; index += 2) {
    const [word, value = ""] = words.slice(index);
    if (word !== "target-nsid" && word !== "nsid") {
      throw new UsageError(`"${word}" is neither "target-nsid" nor "nsid"`, listId);
    }
    if (!/^\d{1,9}$/.test(value)) throw new UsageError(`"${word}" needs an id`, listId);
    filter[word === "nsid" ? word : "target"] = Number(value);
  }
  return filter;
}

async function ask(filter: NsidFilter): Promise<NsidEntry[]> {
  const netlink = new Netlink(netlinkOptions(home(), home, () => undefined));
  try {
    return await listNsids(netlink, filter);
  } finally {
    await netlink.close();
  }
}
