import assert from "node:assert/strict";
import { ExecError, isNetNSError, NetNS, NetNSError } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

/** The error that a function throws inside. */
async function errorOf(ns: NetNS, fn: () => unknown): Promise<unknown> {
  try {
    await ns.do(fn);
  } catch (error) {
    return error;
  }
  assert.fail("it did not throw");
}

leakChecked("errors come back with class, message, code and cause", options, async () => {
  const ns = NetNS.create();

  const type = await errorOf(ns, () => {
    throw new TypeError("potato", { cause: new RangeError("root") });
  });
  assert.ok(type instanceof TypeError);
  assert.equal(type.message, "potato");
  assert.ok(type.cause instanceof RangeError);

  const system = await errorOf(ns, async () => {
    (await import("node:fs")).readFileSync("/nonexistent/file");
  }) as NodeJS.ErrnoException;
  assert.deepEqual([system.code, system.syscall, system.errno], ["ENOENT", "open", -2]);

  const aggregate = await errorOf(ns, () => {
    throw new AggregateError([new Error("one"), new TypeError("two")], "both");
  });
  assert.ok(aggregate instanceof AggregateError);
  assert.deepEqual(aggregate.errors.map((error: Error) => error.message), ["one", "two"]);

  const custom = await errorOf(ns, () => {
    class CustomError extends Error {
      override name = "CustomError";
      code = "ECUSTOM";
      extra = { a: 1 };
    }
    throw new CustomError("mine");
  }) as Error & { code: string; extra: object };
  assert.deepEqual([custom.name, custom.code, custom.extra], ["CustomError", "ECUSTOM", { a: 1 }]);

  const abort = await errorOf(ns, () => {
    throw new DOMException("stop", "AbortError");
  });
  assert.ok(abort instanceof DOMException);
  assert.equal(abort.name, "AbortError");

  assert.equal(
    await errorOf(ns, () => {
      throw "a string";
    }),
    "a string",
  );
  await ns.close();
});

leakChecked("the stack shows the function inside, then the caller", options, async () => {
  const ns = NetNS.create();
  const error = await errorOf(ns, () => {
    function thrower() {
      throw new Error("with a stack");
    }
    thrower();
  }) as Error;
  assert.match(error.stack!, /thrower[\s\S]*errorOf/);
  await ns.close();
});

leakChecked("an error of the library comes back as one", options, async () => {
  const ns = NetNS.create();
  const error = await errorOf(ns, async () => {
    await Promise.resolve();
    throw Object.assign(new Error("plain"), { code: "EPLAIN" });
  }) as Error & { code: string };
  assert.equal(error.code, "EPLAIN");
  const nested = await ns.do((ctx) => ctx.host.do(() => missing()) as Promise<unknown>)
    .catch((error) => error);
  assert.ok(isNetNSError(nested) && nested instanceof NetNSError);
  assert.equal(nested.code, "ERR_NETNS_CAPTURED_VARIABLE");
  await Promise.all([ns.close(), NetNS.home().close()]);
});

declare function missing(): void;

leakChecked("an error that cannot be cloned rejects its call alone", options, async () => {
  const ns = NetNS.create();
  const other = ns.do(() => new Promise((resolve) => setTimeout(() => resolve("unharmed"), 300)));
  const proxy = await errorOf(ns, () => {
    throw new Proxy({}, {});
  });
  assert.ok(isNetNSError(proxy), String(proxy));
  assert.equal(proxy.code, "ERR_NETNS_UNCLONEABLE");
  await errorOf(ns, () => {
    throw Object.assign(new Error("with a proxy"), { proxy: new Proxy({}, {}) });
  });
  const argument = await errorOf(ns, async () => {
    await Promise.reject(new Error("plain"));
  });
  assert.equal((argument as Error).message, "plain");
  assert.equal(await other, "unharmed");
  await ns.close();
});

leakChecked("errors of exec() come back as they are outside", options, async () => {
  const ns = NetNS.create();
  const script = ["-c", "echo out; echo err >&2; exit 3"];
  const thrown = await ns.do((script, ctx) => ctx.ns.exec("sh", script), script)
    .catch((error) => error);
  assert.ok(thrown instanceof ExecError);
  assert.ok(thrown instanceof NetNSError && isNetNSError(thrown));
  assert.equal(thrown.constructor, ExecError);
  const { name, code, command, args, stdout, stderr, exitCode, signal, timedOut } = thrown;
  assert.deepEqual(
    { name, code, command, args, stdout, stderr, exitCode, signal, timedOut },
    {
      name: "ExecError",
      code: "ERR_NETNS_EXEC_FAILED",
      command: "sh",
      args: script,
      stdout: "out\n",
      stderr: "err\n",
      exitCode: 3,
      signal: null,
      timedOut: false,
    },
  );
  assert.ok(thrown.durationMs > 0);
  const direct = await ns.exec("sh", script).catch((error) => error);
  assert.equal(thrown.message, direct.message);
  assert.deepEqual(Object.keys(thrown).sort(), Object.keys(direct).sort());
  await ns.close();
});

leakChecked("errors of exec() cross in results, causes and arguments", options, async () => {
  const ns = NetNS.create();
  const direct = await ns.exec("/nonexistent/program").catch((error) => error);
  assert.ok(direct instanceof ExecError);
  const [caught, given, seen] = await ns.do(async (given: Error, ctx) => {
    const options = { encoding: "buffer", timeout: 50 } as const;
    const caught = await ctx.ns.exec("sleep", ["60"], options).catch((error) => error);
    return [new Error("outer", { cause: caught }), given, [caught.name, given.name]];
  }, direct as Error) as [Error, unknown, unknown];
  assert.deepEqual(seen, ["ExecError", "ExecError"]);
  const { cause } = caught;
  assert.ok(cause instanceof ExecError);
  assert.deepEqual([cause.timedOut, cause.exitCode, cause.signal], [true, null, "SIGTERM"]);
  assert.equal((cause.stdout as unknown as Uint8Array).byteLength, 0);
  assert.ok(given instanceof ExecError);
  assert.deepEqual({ ...given, cause: undefined }, { ...direct, cause: undefined });
  assert.equal(String(given.cause), String(direct.cause));
  await ns.close();
});

leakChecked("a captured variable is named, with the way to pass it", options, async () => {
  const ns = NetNS.create();
  const port = Math.random();
  const error = await errorOf(ns, () => port);
  // Bun may inline constants; Math.random() it cannot.
  assert.ok(isNetNSError(error), String(error));
  assert.equal(error.code, "ERR_NETNS_CAPTURED_VARIABLE");
  assert.match(error.message, /"port"/);
  assert.match(error.hint!, /argument/);

  const later = await errorOf(ns, async () => {
    await Promise.resolve();
    return port;
  });
  assert.ok(isNetNSError(later));
  assert.equal(later.code, "ERR_NETNS_CAPTURED_VARIABLE");
  await ns.close();
});

leakChecked("a ReferenceError of other code is left alone", options, async () => {
  const ns = NetNS.create();
  const error = await errorOf(ns, () => {
    new Function("return undefinedElsewhere")();
  });
  assert.ok(error instanceof ReferenceError);
  await ns.close();
});
