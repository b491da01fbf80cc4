/**
 * What the runtimes define for the text that a thread starts with, which is not there outside: a
 * variable of that name which a function captures would silently be this one.
 *
 * @module
 */

/** Of CommonJS. `require` stays, as functions that went through transpilers need one. */
const commonJs: readonly string[] = ["module", "exports", "__filename", "__dirname"];

/** Of Deno's Workers. Those that the thread starts have their own. */
const denoWorker: readonly string[] = ["name", "location", "nodeBootstrap"];

let kept: readonly string[] = [];

/** Removes them, or what can be. */
export function removeEvalGlobals(): void {
  const names = "Deno" in globalThis ? [...commonJs, ...denoWorker] : commonJs;
  kept = names.filter((name) => !Reflect.deleteProperty(globalThis, name));
  for (const name of kept) Object.assign(globalThis, { [name]: undefined });
}

/**
 * Those that could not be removed and that a text may use; but for one whose type it asks, as that
 * has to be `"undefined"`.
 */
export function evalGlobalsIn(source: string): readonly string[] {
  return kept.filter((name) =>
    source.includes(name) && !new RegExp(`\\btypeof\\s+${name}\\b`).test(source)
  );
}
