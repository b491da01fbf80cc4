/**
 * Time limits of tests, longer where the machine is slower.
 *
 * @module
 */

import process from "node:process";

/** Names the factor by which time limits are longer. */
export const timeScaleVariable = "NETNS_TEST_TIME_SCALE";

/** The factor by which this process has longer time limits. */
export const timeScale: number = Number(process.env[timeScaleVariable] || 1);

/** Ms that a test, and a program that it runs, may take on a usual machine, also on a busy one. */
export const usualLimit = 120_000;

/** A time limit of so many ms on a usual machine. */
export function timeLimit(ms: number): number {
  return ms * timeScale;
}
