/** `netns set`. @module */

import { setNsid } from "../../nsid.ts";
import { type Command, common, UsageError } from "../command.ts";
import { print } from "../output.ts";
import { withNamed } from "./shared.ts";

/** Gives a namespace an id in the current one. */
export const set: Command = {
  name: "set",
  summary: "give a namespace an id in the current one, once",
  usage: "NAME NSID|auto",
  details: "With auto the kernel chooses the id, which is printed.",
  example: "netns set blue auto",
  options: { dir: common.dir },
  positionals: [2, 2],
  run({ options, positionals: [name, id] }) {
    if (id !== "auto" && !/^\d+$/.test(id!)) {
      throw new UsageError(`"${id}" is neither a number nor "auto"`, set);
    }
    const given = withNamed(
      name!,
      options,
      (namespace) => setNsid(namespace, id === "auto" ? "auto" : Number(id)),
    );
    if (id === "auto") print(String(given));
  },
};
