/** What a Worker that is started inside can do, and how it ends. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NetNS } from "../../mod.ts";
import { dnsServer, serveDns } from "../helpers/dns_server.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { withLibrary } from "../helpers/library_bundle.ts";
import { threads } from "../helpers/process_state.ts";
import { skipAny, skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runtime } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const options = { skip: skipUnlessPrivileged() };
const onNode = { skip: skipAny(options.skip, skipOn(["deno", "bun"], "is about flags of Node")) };
const onBun = {
  skip: skipAny(options.skip, skipOn(["node-koffi", "node-ffi", "deno"], "is about Bun")),
};

/** Runs a test with a namespace, which is closed afterwards. */
async function withNamespace(run: (ns: NetNS) => Promise<void>): Promise<void> {
  const ns = NetNS.create();
  try {
    await run(ns);
  } finally {
    await ns.close();
  }
}

leakChecked(
  "messages of every kind come and go, also before the program runs",
  options,
  () =>
    withNamespace(async (ns) => {
      const answers = await ns.do(async () => {
        const { MessageChannel, Worker } = await import("node:worker_threads");
        const { port1, port2 } = new MessageChannel();
        const worker = new Worker(
          `"use strict";
        const { parentPort, workerData } = require("node:worker_threads");
        workerData.port.postMessage("by the port");
        parentPort.on("message", (message) => {
          if (message === "end") process.exit();
          parentPort.postMessage(message);
        });`,
          { eval: true, workerData: { port: port2 }, transferList: [port2] },
        );
        const answers: unknown[] = [];
        const byPort = new Promise((resolve) => port1.once("message", resolve));
        const last = new Promise<void>((resolve) => {
          worker.on("message", (message: unknown) => {
            answers.push(message);
            if (message === "last") resolve();
          });
        });
        const buffer = new ArrayBuffer(8);
        worker.postMessage("first");
        worker.postMessage(buffer, [buffer]);
        answers.push(buffer.byteLength);
        worker.postMessage("last");
        await last;
        answers.push(await byPort);
        const exited = new Promise((resolve) => worker.on("exit", resolve));
        worker.postMessage("end");
        return [...answers, await exited];
      });
      const buffer = answers[2] as ArrayBuffer;
      assert.deepEqual([...answers.slice(0, 2), buffer.byteLength, ...answers.slice(3)], [
        0,
        "first",
        8,
        "last",
        "by the port",
        0,
      ]);
    }),
);

leakChecked("standard streams are those of the Worker", {
  skip: skipAny(options.skip, skipOn(["deno", "bun"], "has no streams for Workers")),
}, () =>
  withNamespace(async (ns) => {
    const output = await ns.do(async () => {
      const { Worker } = await import("node:worker_threads");
      const program = "process.stdin.on('data', (data) => console.log(`got ${data}`))";
      const worker = new Worker(program, { eval: true, stdin: true, stdout: true, stderr: true });
      worker.stdin!.end("input");
      let output = "";
      for await (const chunk of worker.stdout) output += chunk;
      return output;
    });
    assert.equal(output, "got input\n");
  }));

leakChecked("its errors and its exit code are told", options, () =>
  withNamespace(async (ns) => {
    const tell = async () => {
      const { Worker } = await import("node:worker_threads");
      const end = (program: string) =>
        new Promise((resolve) => {
          const worker = new Worker(program, { eval: true });
          let message: string | undefined;
          worker.on("error", (error: Error) => message = error.message);
          worker.on("exit", (code) => resolve([message, code]));
        });
      return [await end("throw new Error('of the user')"), await end("process.exit(7)")];
    };
    const [thrown, exited] = await ns.do(tell) as unknown[][];
    assert.equal(thrown![0], "of the user");
    assert.deepEqual(exited, [undefined, 7]);
    assert.deepEqual([thrown, exited], await tell());
  }));

leakChecked(
  "Worker is the class that it was, also for subclasses",
  options,
  () =>
    withNamespace(async (ns) => {
      const same = await ns.do(async () => {
        const { Worker, default: workerThreads } = await import("node:worker_threads");
        class Own extends Worker {
          get own() {
            return true;
          }
        }
        const worker = new Own("", { eval: true });
        await new Promise((resolve) => worker.on("exit", resolve));
        const { constructor } = Worker.prototype;
        return [
          worker.own,
          worker instanceof Own,
          worker instanceof Worker,
          workerThreads.Worker === Worker,
          constructor === Worker,
        ];
      });
      assert.deepEqual(same, [true, true, true, true, true]);
    }),
);

leakChecked(
  "what cannot start throws what it throws at home",
  options,
  () =>
    withNamespace(async (ns) => {
      const attempt = async (...args: [never, never?]) => {
        const { Worker } = await import("node:worker_threads");
        try {
          const worker = new Worker(...args as [never]);
          const error = await new Promise<{ name: string; code?: string } | undefined>(
            (resolve) => {
              worker.on("error", resolve);
              worker.on("exit", () => resolve(undefined));
            },
          );
          return ["event", error?.name, error?.code];
        } catch (error) {
          const { name, code } = error as NodeJS.ErrnoException;
          return ["throw", name, code];
        }
      };
      const wrong: [unknown, unknown?][] = [
        ["./nowhere.mjs"],
        [7],
        ["throw new RangeError()", { eval: true }],
        ["syntax error", { eval: true }],
      ];
      if (runtime.startsWith("node")) {
        wrong.push(["", { eval: true, execArgv: "text" }]);
        wrong.push(["", { eval: true, execArgv: ["--title=process"] }]);
        wrong.push(["nowhere.mjs"]);
      }
      for (const args of wrong as [never, never?][]) {
        const [inside, atHome] = await Promise.all([ns.do(attempt, ...args), attempt(...args)]);
        // A path is loaded by either of Node's two loaders.
        const same = (told: unknown[]) =>
          told.map((one) => String(one).replace("ERR_MODULE", "MODULE"));
        assert.deepEqual(same(inside), same(atHome), JSON.stringify(args));
      }
    }),
);

leakChecked(
  "lines of the program keep their numbers, and it stays strict",
  onNode,
  () =>
    withNamespace(async (ns) => {
      const seen = await ns.do(async () => {
        const { Worker } = await import("node:worker_threads");
        const run = (program: string) =>
          new Promise((resolve, reject) => {
            const worker = new Worker(program, { eval: true });
            worker.on("message", resolve);
            worker.on("error", reject);
          });
        const strict = `require("worker_threads").parentPort.postMessage((function () {
        return [this === undefined, /eval.*?:(\\d+)/.exec(new Error().stack)[1]];
      })())`;
        return [
          await run(strict),
          await run(`// A comment\n"use strict";\n${strict}`),
          await run(`#!/usr/bin/env node\n'use strict'\n${strict}`),
        ];
      });
      assert.deepEqual(seen, [[false, "2"], [true, "4"], [true, "4"]]);
    }),
);

leakChecked(
  "flags of Node hold in it, those of the user and those of the process",
  onNode,
  () =>
    withNamespace((ns) =>
      inTemporaryDirectory(async (directory) => {
        const file = path.join(directory, "preload.cjs");
        fs.writeFileSync(file, "globalThis.preloaded = true;");
        const seen = await ns.do(async (file: string) => {
          const { Worker } = await import("node:worker_threads");
          const run = (execArgv?: string[]) =>
            new Promise((resolve, reject) => {
              const program = `require("worker_threads").parentPort.postMessage(
              [globalThis.preloaded, process.execArgv])`;
              const worker = new Worker(program, { eval: true, ...(execArgv && { execArgv }) });
              worker.on("message", resolve);
              worker.on("error", reject);
            });
          return [await run(["--require", file]), await run([]), await run()];
        }, file);
        assert.deepEqual(seen, [
          [true, ["--require", file]],
          [undefined, []],
          [undefined, process.execArgv],
        ]);
      })
    ),
);

leakChecked("Workers end with the thread, whatever they do", options, async () => {
  const ns = NetNS.create();
  await ns.do(async () => {
    const { Worker } = await import("node:worker_threads");
    const program = `
      const { parentPort, Worker } = require("node:worker_threads");
      const idle = "setInterval(() => {}, 1000); require('worker_threads').parentPort.postMessage('')";
      new Worker(idle, { eval: true }).on("message", () => parentPort.postMessage(""));
      setInterval(() => {}, 1000);`;
    const worker = new Worker(program, { eval: true });
    await new Promise((resolve) => worker.on("message", resolve));
    new Worker("", { eval: true }); // Starts, or not, while the thread ends.
  });
  await ns.close();
  // Not all runtimes wait for them.
  const inode = `net:[${ns.inode}]`;
  const workers = () => threads().filter(({ netns, name }) => netns === inode && /ork/.test(name));
  for (let left = 600; workers().length > 0 && left > 0; left--) await sleep(25);
  assert.deepEqual(workers(), []);
});

leakChecked(
  "a thread that was moved starts no Worker elsewhere",
  options,
  () =>
    withNamespace((ns) =>
      withLibrary(async (file) => {
        const told = await ns.do(async (file: string) => {
          const { Worker } = await import("node:worker_threads");
          const { createRequire } = await import("node:module");
          const { NetNS } = createRequire(file)(file) as typeof import("../../mod.ts");
          const other = NetNS.create();
          try {
            const worker = other.doSync(() => new Worker("throw new Error('ran')", { eval: true }));
            const error = await new Promise((resolve) => worker.on("error", resolve));
            return error as NodeJS.ErrnoException;
          } catch (error) {
            return error as NodeJS.ErrnoException;
          } finally {
            await other.close();
          }
        }, file);
        await exitThread(ns);
        assert.equal(told.code, "ERR_NETNS_NOT_CONTAINED", told.stack);
        assert.match(
          told.message,
          /^Cannot start a Worker inside net:\[\d+\]: its thread would be/,
        );
      })
    ),
);

leakChecked(
  "the library works in a thread of the library, and in a Worker of that",
  options,
  () =>
    withNamespace((ns) =>
      withLibrary(async (file) => {
        const seen = await ns.do(async (file: string) => {
          const { Worker } = await import("node:worker_threads");
          const { createRequire } = await import("node:module");
          const use = async (file: string) => {
            const { NetNS } = createRequire(file)(file) as typeof import("../../mod.ts");
            const other = NetNS.create();
            const inode = await other.do((ctx) => {
              const { readlinkSync } = process.getBuiltinModule("node:fs");
              return [`net:[${ctx.ns.inode}]`, readlinkSync("/proc/thread-self/ns/net")];
            });
            await other.close();
            return inode[0] === inode[1];
          };
          const program = `
          const { createRequire } = require("node:module");
          const { parentPort, workerData } = require("node:worker_threads");
          (${use})(workerData).then((same) => {
              parentPort.once("message", () => process.exit());
              parentPort.postMessage(same);
            });`;
          const worker = new Worker(program, { eval: true, workerData: file });
          const inWorker = await new Promise((resolve, reject) => {
            worker.on("message", resolve);
            worker.on("error", reject);
          });
          const exited = new Promise((resolve) => worker.on("exit", resolve));
          worker.postMessage("end");
          await exited;
          return [await use(file), inWorker];
        }, file);
        assert.deepEqual(seen, [true, true]);
        await exitThread(ns);
      })
    ),
);

/** Lets the thread exit by itself, so that the library closes what it holds on that thread. */
async function exitThread(ns: NetNS): Promise<void> {
  const exited = ns.do(() => process.exit());
  await assert.rejects(exited, { code: "ERR_NETNS_THREAD_EXITED" });
}

leakChecked("a child process that is forked inside looks names up inside", options, async () => {
  const server = `127.85.${process.pid >> 8 & 255}.${process.pid & 255}`;
  await serveDns({ "who.test": { addresses: ["127.0.0.11"] } }, server, 53);
  const ns = NetNS.create({ dns: { servers: [server], timeout: 5000, attempts: 1 } });
  try {
    await ns.do(serveDns, { "who.test": { addresses: ["127.0.0.22"] } }, server, 53);
    const file = fileURLToPath(new URL("../fixtures/fork_looks_up.cjs", import.meta.url));
    const fork = async (file: string) => {
      const { fork } = await import("node:child_process");
      const child = fork(file, ["who.test"], { execArgv: [] });
      const [answer] = await Promise.all([
        new Promise((resolve) => child.on("message", resolve)),
        new Promise((resolve) => child.on("exit", resolve)),
      ]);
      return answer;
    };
    assert.deepEqual(await ns.do(fork, file), [`net:[${ns.inode}]`, "127.0.0.22"]);
    assert.deepEqual(dnsServer(server).questions, []);
  } finally {
    dnsServer(server).close();
    await ns.close({ force: true });
  }
});

/** Lets Bun's threads keep their files in a directory of their own. */
function inOwnDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (directory) => {
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = directory;
    try {
      await run(directory);
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
    }
  });
}

leakChecked(
  "no file is left, however a Worker ends",
  onBun,
  () =>
    inOwnDirectory(async (directory) => {
      for (let round = 0; round < 10; round++) {
        const ns = NetNS.create();
        await ns.do(async () => {
          const { Worker } = await import("node:worker_threads");
          const ended = (worker: InstanceType<typeof Worker>) =>
            new Promise((resolve) => worker.on("exit", resolve));
          const some = Array.from({ length: 4 }, () => new Worker("", { eval: true }));
          await Promise.all(some.map(ended));
          const stopped = new Worker("", { eval: true });
          await stopped.terminate();
          new globalThis.Worker("data:text/javascript,").terminate();
          new Worker("", { eval: true });
        });
        await ns.close();
        for (let left = 1000; fs.readdirSync(directory).length > 0 && left > 0; left--) {
          await sleep(10);
        }
        assert.deepEqual(fs.readdirSync(directory), []);
      }
    }),
);

leakChecked(
  "where no file can be made no Worker is started",
  onBun,
  () =>
    inOwnDirectory(async (directory) => {
      fs.writeFileSync(path.join(directory, "file"), "");
      process.env["TMPDIR"] = path.join(directory, "file");
      await withNamespace(async (ns) => {
        await assert.rejects(
          ns.do(async () => {
            const { Worker } = await import("node:worker_threads");
            new Worker("", { eval: true });
          }),
          { code: "ERR_NETNS_NOT_CONTAINED", hint: /TMPDIR/ },
        );
      });
    }),
);

leakChecked(
  "files that the user preloads run after what contains them",
  onBun,
  () =>
    inTemporaryDirectory(async (directory) => {
      const file = path.join(directory, "preload.cjs");
      fs.writeFileSync(
        file,
        "globalThis.seen = globalThis[Symbol.for('@netns/netns.contained.1')];",
      );
      await withNamespace(async (ns) => {
        const seen = await ns.do(async (file: string) => {
          const { Worker } = await import("node:worker_threads");
          const program = "require('worker_threads').parentPort.postMessage(globalThis.seen)";
          const worker = new Worker(program, { eval: true, preload: file } as never);
          const seen = await new Promise((resolve) => worker.on("message", resolve));
          await worker.terminate();
          return seen;
        }, file);
        assert.equal(seen, true);
      });
    }),
);
