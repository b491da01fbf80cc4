import assert from "node:assert/strict";
import { isNetNSError, NetNS, NetNSError } from "../../mod.ts";
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
