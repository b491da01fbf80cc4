/**
 * The program that carries rows out, inside and at home: `probe HOW TEMPERATURE NAMESPACE ROWS
 * NAME...`. It prints for each row a line of JSON: who answered.
 *
 * @module
 */

import { once } from "node:events";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { NetNS } from "../../mod.ts";
import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import { libc } from "../../src/libc.ts";
import type { Answer } from "./rows/mod.ts";

/** Whether main is the second or the first in its process to use the API. */
export type Temperature = "cold" | "warm";

/** On a thread of the library, or on one that only was born inside. */
export type How = "contained" | "raw";

/** What the program prints. */
export interface Answers {
  /** At home, before anything happened inside; of a warm process. */
  before?: Answer;
  inside: Answer;
  /** At home, afterwards. */
  after: Answer;
  /** Threads that are in the namespace and should not. */
  strays: string[];
}

interface Rows {
  ask(name: string): Promise<Answer>;
}

const [how, temperature, namespace, rows, ...names] = process.argv.slice(2) as [
  How,
  Temperature,
  string,
  string,
  ...string[],
];

/** The handle of all rows. */
let handle: NetNS | undefined;

async function askHome(name: string): Promise<Answer> {
  return await (await import(rows) as Rows).ask(name);
}

async function askInside(name: string): Promise<Pick<Answers, "inside" | "strays">> {
  handle ??= NetNS.fromPath(namespace);
  const inside = await (await handle.import<Rows>(rows)).ask(name);
  const strays = NetNS.audit().filter(({ stray }) => stray).map((thread) => thread.name);
  return { inside, strays };
}

/** What the library is there to prevent: a thread that is inside, and nothing more. */
async function askRaw(name: string): Promise<Pick<Answers, "inside" | "strays">> {
  const { open, setns } = libc();
  const home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC, 0);
  setns(open(namespace, O_RDONLY | O_CLOEXEC, 0), CLONE_NEWNET);
  const worker = new Worker(
    `const { parentPort, workerData: { rows, name } } = require("node:worker_threads");
     import(rows).then(({ ask }) => ask(name)).then((answer) => parentPort.postMessage(answer));`,
    { eval: true, workerData: { rows, name } },
  );
  setns(home, CLONE_NEWNET);
  const [inside] = await once(worker, "message");
  return { inside, strays: [] };
}

async function answersOf(name: string): Promise<Answers> {
  const before = temperature === "warm" ? { before: await askHome(name) } : {};
  const { inside, strays } = await (how === "raw" ? askRaw(name) : askInside(name));
  return { ...before, inside, after: await askHome(name), strays };
}

async function main(): Promise<void> {
  for (const name of names) {
    const line = `${JSON.stringify(await answersOf(name))}\n`;
    await new Promise<void>((resolve) => process.stdout.write(line, () => resolve()));
  }
  // Sockets that are kept alive would keep the process.
  process.exit();
}

void main();
