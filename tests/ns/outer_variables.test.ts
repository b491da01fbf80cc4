import assert from "node:assert/strict";
import process from "node:process";
import type { Worker } from "node:worker_threads";
import { isNetNSError, type NetNS, type NetNSError } from "../../mod.ts";
import { withNamespace } from "../helpers/namespace_test.ts";

/** A function of just this text, whatever transpilers do. */
function fromText(text: string): () => unknown {
  return new Function(`return ${text}`)() as () => unknown;
}

/** What says that a function uses an outer variable. */
async function refusal(ns: NetNS, name: string, fn: () => unknown): Promise<NetNSError> {
  const error = await ns.do(fn).then((result) => assert.fail(`${fn} gave ${result}`), (it) => it);
  assert.ok(isNetNSError(error), String(error));
  assert.equal(error.code, "ERR_NETNS_CAPTURED_VARIABLE");
  assert.match(error.message, new RegExp(`"${name}"`));
  assert.match(error.stack!, /netns-do:\//);
  return error;
}

withNamespace("a captured variable is never one that the thread has for itself", async (ns) => {
  // Bun puts constants into the text of a function; these it cannot.
  const name = `blue ${process.pid}`;
  const location = Math.random();
  const program = { opts: Math.random() };
  const codeCache = new Map([[1, Math.random()]]);
  const netnsHost = Math.random();
  await refusal(ns, "name", () => name);
  await refusal(ns, "location", () => location);
  await refusal(ns, "program", () => program.opts);
  await refusal(ns, "codeCache", () => codeCache.get(1));
  await refusal(ns, "netnsHost", () => netnsHost);
});

withNamespace("what CommonJS gives to a module stays outside", async (ns) => {
  const cases: [name: string, text: string, hint: RegExp][] = [
    ["exports", "() => exports.port", /belongs to the module outside/],
    ["exports", "async () => { await null; return exports; }", /belongs to the module outside/],
    ["exports", "() => { exports = 1; }", /belongs to the module outside/],
    ["module", "() => module.exports.port", /belongs to the module outside/],
    ["module", "() => module.port", /node:module/],
    ["module", "work() { return module; }", /node:module/],
    ["__filename", "function work() { return __filename; }", /belongs to the module outside/],
    ["__dirname", "() => [1].map(() => `${__dirname}/file`)", /belongs to the module outside/],
  ];
  for (const [name, text, hint] of cases) {
    const fn = text.startsWith("work") ? fromText(`({ ${text} }).work`) : fromText(text);
    assert.match((await refusal(ns, name, fn)).hint!, hint);
  }
  const types = fromText(
    "() => [typeof module, typeof exports, typeof __filename, typeof __dirname]",
  );
  assert.deepEqual(await ns.do(types), Array(4).fill("undefined"));
});

withNamespace(
  "a function may have variables of those names, and lines stay as they are",
  async (ns) => {
    const own = fromText(
      "() => { const module = { exports: 1 }, name = 2; return [module, name]; }",
    );
    assert.deepEqual(await ns.do(own), [{ exports: 1 }, 2]);
    const ofBoth = fromText("() => {\n  const exports = 1;\n  return exports + module;\n}");
    assert.match((await refusal(ns, "module", ofBoth)).stack!, /netns-do:\/anonymous\b[^\n]*:3:\d/);
    const asked = fromText('() => typeof exports === "object" ? exports.port : "no module"');
    assert.equal(await ns.do(asked), "no module");
  },
);

withNamespace("a function finds `require`, and imports modules", async (ns) => {
  assert.equal(await ns.do(fromText('() => require("node:os").platform()')), "linux");
  assert.equal(await ns.do(async () => (await import("node:os")).platform()), "linux");
});

/** What a thread may have beside the main thread: ours, and what tells Workers of Deno apart. */
const ofThreads = new RegExp(
  "^(?:require|__(?!filename|dirname)\\w+" +
    ("Deno" in globalThis
      ? "|Worker(?:Location|Navigator)|DedicatedWorkerGlobalScope|postMessage|onmessage)$"
      : ")$"),
);

withNamespace("no other global is inside that is not outside", async (ns) => {
  const inside = await ns.do(() => {
    const names: string[] = [];
    for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at)) {
      names.push(...Object.getOwnPropertyNames(at));
    }
    return names.filter((name) => (globalThis as Record<string, unknown>)[name] !== undefined);
  });
  assert.ok(inside.includes("process") || inside.includes("Deno"));
  const others = inside.filter((name) => !(name in globalThis) && !ofThreads.test(name));
  assert.deepEqual(others, []);
});

withNamespace("Workers that a function starts have what such Workers have", async (ns) => {
  const run = async () => {
    const { Worker } = await import("node:worker_threads");
    const program = `const found = ["module", "exports", "require", "__filename", "name"]
      .map((name) => name + " " + (0, eval)("typeof " + name));
      require("node:worker_threads").parentPort.postMessage([...found, typeof module.exports]);`;
    const worker: Worker = new Worker(program, { eval: true });
    const types = await new Promise((resolve, reject) => {
      worker.on("message", resolve);
      worker.on("error", reject);
    });
    await worker.terminate();
    return types;
  };
  assert.deepEqual(await ns.do(run), await run());
});

withNamespace("names beyond ASCII are found, however a runtime writes them", async (ns) => {
  const größe = Math.random();
  const 名前 = Math.random();
  await refusal(ns, "größe", () => größe);
  await refusal(ns, "名前", () => 名前);
  await refusal(ns, "größe", fromText("() => gr\\u00F6\\u00dfe"));
  await refusal(ns, "größe", fromText("() => gr\\u{f6}\\u{DF}e"));
});

withNamespace("a variable in a field of a class is found", async (ns) => {
  const value = Math.random();
  await refusal(ns, "value", () => {
    class Inner {
      field = value;
    }
    return new Inner().field;
  });
  await refusal(ns, "value", () => {
    class Outer {}
    class Inner extends Outer {
      field = value;
    }
    return new Inner().field;
  });
});

withNamespace("the error of calls that a callback ends names the variable", async (ns) => {
  const value = Math.random();
  const call = ns.do(() => {
    setTimeout(() => value, 1);
    return new Promise(() => {});
  });
  const ended = { code: "ERR_NETNS_THREAD_EXITED", message: /\bvalue\b/ };
  await Promise.all([
    assert.rejects(call, ended),
    assert.rejects(ns.do(() => new Promise(() => {})), ended),
  ]);
  assert.equal(await ns.do(() => 1), 1);
});
