import assert from "node:assert/strict";
import { test } from "node:test";
import { runtimeNames } from "../runner/runtimes.ts";
import { drawChart } from "./chart.ts";
import { formatGoal, formatValue } from "./format.ts";
import type { Machine } from "./machine.ts";
import type { Outcome, Outcomes } from "./measure.ts";
import { renderPage } from "./page.ts";
import { type Measured, type RowResult, rowResult } from "./result.ts";
import type { Contender, Goal, Row } from "./row.ts";
import { median, quantile, summarize } from "./statistics.ts";

const ours: Contender = { run: { measurement: "ours" }, label: "ours", samples: 1 };
const rival: Contender = { run: { measurement: "rival" }, label: "rival", samples: 1 };
const machine: Machine = {
  processor: "Z80",
  cores: 1,
  memoryGiB: 1,
  kernel: "Linux 6.0 z80",
  versions: { node: "20.0.0", gcc: "12.2.0" },
};

function outcomes(own: readonly number[] | { missing: string }, other: readonly number[] = []) {
  const rounds = (times: readonly number[]): Outcome => ({
    rounds: times.map((time) => ({ median: time, p99: time })),
  });
  return {
    of: (contender) => contender === rival ? rounds(other) : "missing" in own ? own : rounds(own),
  } satisfies Outcomes;
}

function result(goal: Goal, own: readonly number[], other?: readonly number[]): RowResult {
  const row: Row = { title: "`a` and `b`", ours, ...(other && { rival }), goal };
  return rowResult(row, runtimeNames, outcomes(own, other));
}

test("quantiles lie between the samples that they fall between", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([1, 2]), 1.5);
  assert.equal(quantile([0, 100], 0.99), 99);
  assert.deepEqual(summarize([5]), { median: 5, p99: 5 });
});

test("the ratio of a row is the median of the ratios of its rounds", () => {
  // The ratio of the medians would be 2.
  const { value, values, met } = result({ atMost: 1 }, [1, 4, 2], [1, 2, 4]).cells
    .node as Measured;
  assert.deepEqual(values, [1, 2, 0.5]);
  assert.equal(value, 1);
  assert.equal(met, true);
});

test("a goal to be faster counts the other way round", () => {
  const goal = { faster: { node: 4, node26: 4, deno: 5, bun: 4 } };
  const { cells } = result(goal, [1], [4]);
  assert.deepEqual(runtimeNames.map((name) => (cells[name] as Measured).met), [
    true,
    true,
    false,
    true,
  ]);
  assert.equal(formatGoal(goal, "ns"), ">= 4x or 5x faster");
});

test("a row without rival compares the value itself", () => {
  const { cells } = result({ upTo: 2e6 }, [3e6, 2e6, 1e6]);
  assert.equal((cells.bun as Measured).value, 2e6);
  assert.equal((cells.bun as Measured).met, true);
});

test("what is missing is told rather than measured", () => {
  const row: Row = { title: "a", ours, rival, goal: { atMost: 1 } };
  const { cells } = rowResult(row, ["deno"], outcomes({ missing: "go" }, [1]));
  assert.deepEqual(cells, { deno: { missing: "go" } });
});

test("numbers are written with three digits and their unit", () => {
  assert.equal(formatValue(1234, "ns"), "1.23 us");
  assert.equal(formatValue(0, "bytes"), "0 B");
  assert.equal(formatValue(-2_500_000, "ns"), "-2.5 ms");
});

test("a page keeps what is around the place for numbers", () => {
  const run = { machine, quick: false, rounds: 1, rows: [result({ atMost: 1 }, [2], [1])] };
  const page = renderPage("before\n<!-- measured -->\nold\n<!-- end of measured -->\nafter", run);
  assert.match(page, /^before\n<!-- measured -->\n/);
  assert.match(page, /\n<!-- end of measured -->\nafter$/);
  assert.doesNotMatch(page, /old/);
  assert.match(page, /`a` and `b` \| <= 1x \| 2x \* \| 2x \*/);
  assert.match(page, /Z80, 1 cores, 1 GiB, Linux 6.0 z80; Node 20.0.0, gcc 12.2.0/);
  assert.throws(() => renderPage("no place", run), /no place/);
});

test("the chart shows the rows whose goal is to be faster", () => {
  const chart = drawChart([
    result({ faster: 2 }, [1], [30]),
    result({ atMost: 1 }, [1], [70]),
  ]);
  assert.equal(chart.match(/>30x</g)?.length, runtimeNames.length);
  assert.doesNotMatch(chart, /70x/);
  assert.match(chart, /beside b/);
});
