/**
 * A chart of how much faster the library is than what one would use instead.
 *
 * @module
 */

import { runtimeNames } from "../runner/runtimes.ts";
import { columnTitles, formatCell } from "./format.ts";
import { goalOn, type RowResult } from "./result.ts";

const colors = { node: "#3c873a", node26: "#8cc84b", deno: "#3b6ea5", bun: "#e0905b" };

const width = 860;
const left = 330;
const right = 70;
const top = 56;
const bar = 11;
const group = bar * runtimeNames.length + 16;

/** The least and the greatest power of ten of the axis. */
const [least, greatest] = [-1, 4];

function x(value: number): number {
  const place = (Math.log10(value) - least) / (greatest - least);
  return Math.round(left + Math.min(Math.max(place, 0), 1) * (width - left - right));
}

/** Draws the rows whose goal is to be faster, as SVG. */
export function drawChart(rows: readonly RowResult[]): string {
  const shown = rows.filter(({ goal }) => "faster" in goal);
  const height = top + shown.length * group + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>How many times faster than what one would use instead</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...legend(),
    ...axis(height),
    ...shown.flatMap((row, index) => bars(row, top + index * group)),
    "</svg>",
    "",
  ].join("\n");
}

function legend(): string[] {
  return runtimeNames.flatMap((name, index) => [
    `<rect x="${left + index * 90}" y="10" width="10" height="10" fill="${colors[name]}"/>`,
    `<text x="${left + 14 + index * 90}" y="19">${columnTitles[name]}</text>`,
  ]).concat(`<text x="${left + 370}" y="19">| goal</text>`);
}

function axis(height: number): string[] {
  return Array.from({ length: greatest - least + 1 }, (_, index) => {
    const value = 10 ** (least + index);
    const stroke = value === 1 ? "#555" : "#ddd";
    return `<line x1="${x(value)}" x2="${x(value)}" y1="${top - 8}" y2="${height - 8}" ` +
      `stroke="${stroke}"/><text x="${x(value)}" y="${
        top - 12
      }" text-anchor="middle">${value}x</text>`;
  });
}

function bars(row: RowResult, y: number): string[] {
  const [what, beside] = row.title.replaceAll("`", "").split(/,? and (?=[^,]*$)/);
  const label = [what, beside].filter((text) => text !== undefined).map((text, index) =>
    `<text x="${left - 10}" y="${y + 18 + index * 15}" text-anchor="end">` +
    `${index === 0 ? "" : "beside "}${escape(text)}</text>`
  );
  return label.concat(runtimeNames.flatMap((name, index) => {
    const cell = row.cells[name];
    const line = y + index * bar;
    if (cell === undefined || "missing" in cell) return [];
    const [from, to] = [x(1), x(cell.value)].sort((one, two) => one - two) as [number, number];
    const goal = x(goalOn(row.goal, name));
    return [
      `<rect x="${from}" y="${line}" width="${Math.max(to - from, 1)}" height="${bar - 2}" ` +
      `fill="${colors[name]}"/>`,
      `<line x1="${goal}" x2="${goal}" y1="${line - 1}" y2="${line + bar - 1}" stroke="#000"/>`,
      `<text x="${Math.max(to, goal) + 5}" y="${line + 9}" font-size="10">` +
      `${formatCell(cell, row).replace(" *", "")}</text>`,
    ];
  }));
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
