/**
 * How this program gets into a Worker before the program of the user.
 *
 * @module
 */

import { setEnvironmentData } from "node:worker_threads";
import type { Containment } from "../containment.ts";

/** Under which threads find it, and all that they start: see `getEnvironmentData()`. */
const key = "@netns/netns.containment";

/** Set once a thread is contained. */
const containedSymbol = Symbol.for("@netns/netns.contained.1");

/** Lets the Workers of this thread know where they have to be. */
export function passOn(containment: Containment): void {
  setEnvironmentData(key, containment as never);
}

/** Marks the calling thread as contained. */
export function markContained(): void {
  Object.defineProperty(globalThis, containedSymbol, { value: true });
}

/** An expression that contains the thread which evaluates it, unless that is done. */
export function bootstrap(require: string): string {
  return `globalThis[Symbol.for(${JSON.stringify(containedSymbol.description)})]||((require)=>{` +
    `const data=require("node:worker_threads").getEnvironmentData(${JSON.stringify(key)});` +
    `(0,eval)(data.program)(require,undefined,data)})(${require});`;
}
