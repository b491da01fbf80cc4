/**
 * Carries rows out in processes, some at once: cold rows each in one of its own, warm rows in few.
 *
 * @module
 */

import { once } from "node:events";
import os from "node:os";
import type { Programs } from "./build.ts";
import { type Place, programCommand } from "./place.ts";
import type { Answers, How, Temperature } from "./probe.ts";
import type { Answer } from "./rows/mod.ts";

/** What a row gives. */
export interface Result {
  name: string;
  temperature: Temperature;
  /** What the table says: `refused`, or where the API acts. */
  inside: string;
  /** Where it acts on the main thread. */
  outside: string;
  /** What is wrong. */
  problems: string[];
}

/** A question. */
export interface Question {
  name: string;
  temperature: Temperature;
  how?: How;
}

/** Ms that a process has, for itself and for each of its rows. */
const limit = { process: 60_000, row: 10_000 };

/** Asks all questions, which are of one temperature and one way. */
export async function askRows(
  place: Place,
  programs: Programs,
  questions: readonly Question[],
): Promise<Result[]> {
  const processors = os.availableParallelism();
  const queue = batchesOf(questions, processors);
  const atOnce = processors + 2; // Rows wait for answers more often than they work.
  const results: Result[] = [];
  const drain = async () => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      results.push(...await askBatch(place, programs, batch));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, drain));
  return results;
}

/** Which questions share a process: which is the first to use an API decides a cold answer. */
function batchesOf(questions: readonly Question[], count: number): Question[][] {
  if (questions[0]?.temperature !== "warm") return questions.map((question) => [question]);
  return Array.from(
    { length: Math.min(count, questions.length) },
    (_, batch) => questions.filter((_, index) => index % count === batch),
  );
}

async function askBatch(
  place: Place,
  programs: Programs,
  batch: readonly Question[],
): Promise<Result[]> {
  const { temperature, how = "contained" } = batch[0]!;
  const names = batch.map(({ name }) => name);
  const args = [how, temperature, place.namespacePath, programs.rows, ...names];
  const child = place.spawnHome([...programCommand(programs.probe), ...args]);
  const { stdout, ending } = await run(child, limit.process + names.length * limit.row);
  const lines = stdout.split("\n");
  return names.map((name, index): Result => {
    try {
      return { name, temperature, ...judge(JSON.parse(lines[index]!) as Answers) };
    } catch {
      return { name, temperature, inside: "nothing", outside: "nothing", problems: [ending] };
    }
  });
}

async function run(child: ReturnType<Place["spawnHome"]>, limit: number) {
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => stdout += text);
  child.stderr!.setEncoding("utf8").on("data", (text: string) => stderr += text);
  const timer = setTimeout(() => child.kill("SIGKILL"), limit);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  return { stdout, ending: `the process ended with ${signal ?? code}: ${stdout}${stderr}` };
}

/** Compares who answered with who should have. */
function judge({ before, inside, after, strays }: Answers): Omit<Result, "name" | "temperature"> {
  const problems: string[] = [];
  const cell = verdict(inside);
  if (cell !== "ns" && cell !== "refused") problems.push(`inside: ${cell}`);
  for (const [when, answer] of [["before", before], ["after", after]] as const) {
    if (answer === undefined) continue;
    if (verdict(answer) !== "home") problems.push(`at home, ${when}: ${verdict(answer)}`);
  }
  if (strays.length > 0) problems.push(`strays: ${strays.join(", ")}`);
  return { inside: cell, outside: verdict(after), problems };
}

function verdict(answer: Answer): string {
  if ("answer" in answer) return answer.answer;
  return answer.code?.startsWith("ERR_NETNS_") ? "refused" : answer.error;
}
