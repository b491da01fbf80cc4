/**
 * The program that a runtime runs to be measured: `contender.js FAMILY MEASUREMENT SETTING`. It says
 * that it is ready, then takes as many samples as each line of its input asks for. The peers do the
 * same in their languages.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import type { Setting } from "./measurement.ts";
import { families } from "./rows/mod.ts";

function say(answer: unknown): void {
  process.stdout.write(JSON.stringify(answer) + "\n");
}

const [name, measurement, setting] = process.argv.slice(2) as [string, string, string];
const family = families.find((family) => family.name === name);
const prepared = await family!.measurements[measurement]!(JSON.parse(setting) as Setting);
if ("missing" in prepared) {
  say(prepared);
} else {
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    say({ samples: await prepared.sample(Number(line)) });
  }
  await prepared.close?.();
}
process.exit(0);
