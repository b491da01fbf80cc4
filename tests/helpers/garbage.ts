/**
 * Work for the garbage collector.
 *
 * @module
 */

import v8 from "node:v8";
import vm from "node:vm";

let collect: (() => void) | undefined;

/** Runs a full garbage collection. */
export function collectGarbage(): void {
  if ("Bun" in globalThis) {
    (globalThis as unknown as { Bun: { gc(full: boolean): void } }).Bun.gc(true);
    return;
  }
  if (collect === undefined) {
    v8.setFlagsFromString("--expose-gc");
    collect = vm.runInNewContext("gc") as () => void;
  }
  collect();
}

/** Makes garbage of many kinds; `turn` counts its calls. */
export class Litter {
  readonly #kept: unknown[] = new Array(512);

  /** Lets old objects go and makes new ones, now and then a large one, code, or a collection. */
  drop(turn: number): void {
    this.#kept[turn & 511] = { text: `turn ${turn}`, bytes: new Uint8Array(48), list: [turn, {}] };
    if (turn % 1000 === 0) this.#kept[0] = new Function(`return ${turn}`)();
    if (turn % 4000 === 0) this.#kept[1] = new Float64Array(100_000);
    if (turn % 20_000 === 0) collectGarbage();
  }
}
