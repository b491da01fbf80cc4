/**
 * Pictures of a topology, as text for those who draw.
 *
 * @module
 */

import { NetNSError } from "../../errors.ts";
import { visible } from "../output.ts";
import type { Area, Edge, Topology } from "./topology.ts";

const arrows: Readonly<Record<Edge["kind"], string>> = { veth: "---", port: "-->", lower: "-.->" };

/** For https://mermaid.js.org, which GitHub and GitLab draw. */
export function drawMermaid({ namespaces, edges }: Topology): string {
  const lines = ["flowchart LR"];
  for (const area of namespaces) {
    lines.push(`  subgraph ${area.id}["${mermaidText(area.label)}"]`);
    for (const { id, text } of boxes(area)) {
      lines.push(`    ${id}["${text.map(mermaidText).join("<br>")}"]`);
    }
    lines.push("  end");
  }
  for (const { from, to, kind } of edges) lines.push(`  ${from} ${arrows[kind]} ${to}`);
  return lines.join("\n");
}

/** For Graphviz. */
export function drawDot({ namespaces, edges }: Topology): string {
  const lines = ["graph netns {", "  rankdir=LR; node [shape=box];"];
  for (const area of namespaces) lines.push(...dotCluster(area));
  for (const { from, to, kind } of edges) {
    const style = kind === "veth" ? "solid" : kind === "port" ? "bold" : "dashed";
    lines.push(`  ${from} -- ${to} [style=${style}];`);
  }
  return [...lines, "}"].join("\n");
}

function dotCluster(area: Area): string[] {
  return [
    `  subgraph cluster_${area.id} {`,
    `    label="${dotText(area.label)}";`,
    ...boxes(area).map(({ id, text }) => `    ${id} [label="${text.map(dotText).join("\\n")}"];`),
    "  }",
  ];
}

/** Drawn by @viz-js/viz, which is there only if the user installed it. */
export async function drawSvg(topology: Topology): Promise<string> {
  const name = "@viz-js/viz";
  let viz: { instance(): Promise<{ renderString(dot: string, options: object): string }> };
  try {
    viz = await import(name);
  } catch (cause) {
    throw new NetNSError(`Cannot draw SVG: the package ${name} is not there`, {
      code: "ERR_NETNS_UNSUPPORTED",
      hint: `install it (npm install ${name}), or draw what --format dot prints`,
      cause,
    });
  }
  return (await viz.instance()).renderString(drawDot(topology), { format: "svg" });
}

/** The boxes of a namespace: one for each link, or one for all that could not be seen. */
function boxes({ id, links }: Area): { id: string; text: string[] }[] {
  return links?.map(({ id, name, kind, addresses }) => ({
    id,
    text: [`${name} (${kind})`, ...addresses],
  })) ?? [{ id: `${id}_unseen`, text: ["?"] }];
}

function mermaidText(text: string): string {
  return visible(text).replace(/["<>&#`\\]/g, (character) => `#${character.codePointAt(0)};`);
}

function dotText(text: string): string {
  return visible(text).replace(/[\\"]/g, "\\$&");
}
