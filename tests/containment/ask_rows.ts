/**
 * Carries rows out, each in a process of its own, as many at once as there are processors.
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

/** Ms that a process has. */
const limit = 30_000;

/** Asks all questions. */
export async function askRows(
  place: Place,
  programs: Programs,
  questions: readonly Question[],
): Promise<Result[]> {
  const queue = [...questions];
  const results: Result[] = [];
  const drain = async () => {
    for (let question = queue.shift(); question !== undefined; question = queue.shift()) {
      results.push(await askRow(place, programs, question));
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, drain));
  return results;
}

async function askRow(
  place: Place,
  programs: Programs,
  { name, temperature, how = "contained" }: Question,
): Promise<Result> {
  const args = [how, temperature, place.namespacePath, programs.rows, name];
  const { stdout, ending } = await run(
    place.spawnHome([...programCommand(programs.probe), ...args]),
  );
  try {
    return { name, temperature, ...judge(JSON.parse(stdout) as Answers) };
  } catch {
    return { name, temperature, inside: "nothing", outside: "nothing", problems: [ending] };
  }
}

async function run(child: ReturnType<Place["spawnHome"]>) {
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
