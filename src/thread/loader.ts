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
  /** Evaluates a text of the program, with what V8 made of it, on Node. */
  run(text: string, codeCache: Uint8Array | undefined): (...args: unknown[]) => unknown;
  /** Imports a module. */
  load(url: string): Promise<unknown>;
}

/**
 * CommonJS, for `new Worker(loader, { eval: true })`. A block, as functions would find constants of
 * the text itself.
 */
export const loader: string = `
{
  const { program, codeCache } = require("node:worker_threads").workerData;
  const netnsHost = {
    evaluate: (text) => (0, eval)(text),
    run: (text, cachedData) => "Deno" in globalThis || "Bun" in globalThis
      ? (0, eval)(text)
      : new (require("node:vm").Script)(text, { filename: "[worker eval]", cachedData })
        .runInThisContext(),
    load: (url) => import(url),
  };
  netnsHost.run(program, codeCache)(require, netnsHost);
}
`;
