/** `netns doctor`. @module */

import { directory } from "../../named_directory.ts";
import { type Command, common } from "../command.ts";
import { examine } from "../doctor/examine.ts";
import { print, printJson, styled } from "../output.ts";
import { directoryOf } from "./shared.ts";

const marks = {
  ok: () => styled("green", "ok  "),
  warning: () => styled("yellow", "warn"),
  failed: () => styled("red", "FAIL"),
} as const;

/** Tells what this machine and this process can do. */
export const doctor: Command = {
  name: "doctor",
  summary: "tell what this machine and process can do, and why not",
  usage: "",
  details:
    "Nothing is changed: kinds of links are found by the files of the kernel's modules. With " +
    "--try a link of each kind is added in a namespace that is thrown away, for which the kernel " +
    "may load modules. Exit code 1 where no namespace can be created.",
  example: "netns doctor",
  options: {
    try: { type: "boolean", help: "add a link of each kind to see which there are" },
    ...common,
  },
  async run({ options }) {
    const { canCreate, findings } = await examine({
      dir: directory(directoryOf(options).dir),
      tryKinds: options.try === true,
    });
    if (options.json) printJson({ canCreate, findings });
    else {
      for (const { state, what, remedy } of findings) {
        print(`${marks[state]()} ${what}`);
        if (remedy !== undefined) print(`       ${remedy}`);
      }
    }
    return canCreate ? 0 : 1;
  },
};
