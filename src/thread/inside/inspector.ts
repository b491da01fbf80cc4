/**
 * Keeps a thread of Deno from the inspector's server: the process has one, of which the first that
 * opens it decides where it is, and all others are added to it.
 *
 * @module
 */

import inspector from "node:inspector";
import { replaceFunctions } from "./files/replace.ts";
import { inspectorRefusal } from "./inspector_refusal.ts";

/** What the text of a function has that may load a module, or evaluate another text. */
const loading = /import|require|process|eval|Function|constructor/;

let isContained = !("Deno" in globalThis);

/**
 * Refuses to open the inspector; to be called before a module of the user is loaded. The module that
 * is changed takes a third of a millisecond to load, which few threads need.
 */
export function containInspector(): void {
  if (isContained) return;
  isContained = true;
  replaceFunctions(inspector, ["open"], () => () => {
    throw inspectorRefusal();
  });
}

/** Does that before a function is called which may load a module. */
export function containInspectorFor(source: string): void {
  if (!isContained && loading.test(source)) containInspector();
}
