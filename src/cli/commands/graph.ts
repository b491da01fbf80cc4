/** `netns graph`. @module */

import { type Command, common, UsageError } from "../command.ts";
import { drawDot, drawMermaid, drawSvg } from "../graph/draw.ts";
import { topology } from "../graph/topology.ts";
import { printJson, printText } from "../output.ts";
import { directoryOf, tellUnreadable } from "./shared.ts";

const formats: readonly string[] = ["mermaid", "dot", "svg"];

/** Draws how namespaces are joined. */
export const graph: Command = {
  name: "graph",
  summary: "draw all namespaces and how links join them",
  usage: "[--format mermaid|dot|svg]",
  details: "Namespaces without a name are found by the processes in them. SVG is drawn by the " +
    "package\n@viz-js/viz, which is to be installed for that.",
  example: "netns graph --format mermaid",
  options: {
    format: {
      type: "string",
      short: "f",
      value: "FORMAT",
      choices: formats,
      help: "mermaid (default), dot or svg",
    },
    ...common,
  },
  async run({ options }) {
    const { format = "mermaid" } = options;
    if (!formats.includes(String(format))) {
      throw new UsageError(`"${format}" is no format`, graph);
    }
    const found = await topology(directoryOf(options));
    if (options.json) printJson(found);
    else if (format === "mermaid") printText(drawMermaid(found));
    else if (format === "dot") printText(drawDot(found));
    else printText(await drawSvg(found));
    return tellUnreadable(options);
  },
};
