/** `netns graph`. @module */

import { type Command, common, UsageError } from "../command.ts";
import { tell } from "../explain.ts";
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
    "package @viz-js/viz, which is to be installed for that. What may not be seen is marked with " +
    "`?`, and the exit code is 1.",
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
    const { picture, errors } = await topology(directoryOf(options));
    if (options.json) printJson(picture);
    else if (format === "mermaid") printText(drawMermaid(picture));
    else if (format === "dot") printText(drawDot(picture));
    else printText(await drawSvg(picture));
    return Math.max(tell(errors), tellUnreadable(options));
  },
};
