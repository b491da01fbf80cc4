/**
 * The text that a namespace thread starts with. What it hands to the program belongs to this text:
 * on Node, code that a `vm.Script` evaluates could not import modules.
 *
 * @module
 */

/** What the program has from the text that loaded it. */
export interface Host {
  /** Evaluates a text in the global scope. */
  evaluate(text: string): unknown;
  /** Imports a module. */
  load(url: string): Promise<unknown>;
}

/** CommonJS, for `new Worker(loader, { eval: true })`. */
export const loader: string = `
const { program, codeCache: cachedData } = require("node:worker_threads").workerData;
const netnsHost = { evaluate: (text) => (0, eval)(text), load: (url) => import(url) };
const start = "Deno" in globalThis || "Bun" in globalThis
  ? netnsHost.evaluate(program)
  : new (require("node:vm").Script)(program, { filename: "[worker eval]", cachedData })
    .runInThisContext();
start(require, netnsHost);
`;
