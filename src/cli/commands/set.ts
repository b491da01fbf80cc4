/** `netns set`. @module */

import { type Command, common, UsageError } from "../command.ts";
import { print } from "../output.ts";
import { withNamed } from "./shared.ts";

/** Gives a namespace an id in the current one. */
export const set: Command = {
  name: "set",
  summary: "give a namespace an id in the current one, once",
  usage: "NAME NSID|auto",
  example: "netns set blue auto",
  options: { dir: common.dir },
  words: [2, 2],
  async run({ options, words: [name, id] }) {
    if (id !== "auto" && !/^\d+$/.test(id!)) {
      throw new UsageError(`"${id}" is neither a number nor "auto"`, set);
    }
    const given = await withNamed(
      name!,
      options,
      (ns) => ns.setNsid(id === "auto" ? "auto" : Number(id)),
    );
    if (id === "auto") print(String(given));
  },
};
