/**
 * Transpiler helpers for async functions and async generators, which are compiled to generators.
 *
 * @module
 */

type Steps = Generator<unknown, unknown, unknown>;
type Body = (...args: unknown[]) => Steps;
type Arguments = ArrayLike<unknown> | null | undefined;

/** What a compiled async generator yields in place of `await`. */
class Awaited {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

function begin(self: unknown, args: Arguments, body: Body): Steps {
  return body.apply(self, Array.from(args ?? []));
}

/** Runs a compiled async function. */
async function runAsync(self: unknown, args: Arguments, body: Body): Promise<unknown> {
  const steps = begin(self, args, body);
  let step = steps.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = await step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(value);
  }
  return step.value;
}

/** Runs a compiled async generator. */
function runAsyncGenerator(
  self: unknown,
  args: Arguments,
  body: Body,
): AsyncGenerator<unknown, unknown, unknown> {
  return drive(begin(self, args, body));
}

async function* drive(steps: Steps): AsyncGenerator<unknown, unknown, unknown> {
  let resume = () => steps.next();
  for (;;) {
    const { done, value } = resume();
    if (value instanceof Awaited) {
      try {
        const result: unknown = await value.value;
        // In the code of tsc, `yield value` awaits the value and yields it in a second step.
        resume = () => steps.next(result);
      } catch (error) {
        resume = () => steps.throw(error);
      }
      continue;
    }
    if (done) return value;
    let left = true;
    try {
      const sent: unknown = yield value;
      resume = () => steps.next(sent);
      left = false;
    } catch (error) {
      resume = () => steps.throw(error);
      left = false;
    } finally {
      // The consumer is done: the blocks that the generator is in must end as well.
      if (left) yield* drive(ending(steps));
    }
  }
}

/** The steps that are left once a generator was told to return. */
function* ending(steps: Steps): Steps {
  let step = steps.return(undefined);
  while (!step.done) {
    let sent: unknown;
    try {
      sent = yield step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(sent);
  }
  return step.value;
}

function asyncIterator(iterable: object): AsyncIterator<unknown> {
  const members = iterable as Partial<AsyncIterable<unknown>> & Iterable<unknown>;
  const method = members[Symbol.asyncIterator];
  if (method) return method.call(iterable);
  // The language adapts synchronous iterators with all their methods.
  return (async function* () {
    return yield* members;
  })();
}

/** `yield*` in a compiled async generator. */
function* delegate(iterator: AsyncIterator<unknown>): Steps {
  let resume = () => iterator.next();
  for (;;) {
    const result = (yield new Awaited(resume())) as IteratorResult<unknown>;
    if (result.done) return result.value;
    let left = true;
    try {
      const sent = yield result.value;
      resume = () => iterator.next(sent as never);
      left = false;
    } catch (error) {
      left = false;
      resume = () => throwInto(iterator, error);
    } finally {
      if (left && iterator.return) yield new Awaited(iterator.return());
    }
  }
}

async function throwInto(
  iterator: AsyncIterator<unknown>,
  error: unknown,
): Promise<IteratorResult<unknown>> {
  if (iterator.throw) return await iterator.throw(error);
  await iterator.return?.();
  throw error;
}

/** The helpers, under the names that the transpilers use. */
export const asyncGeneratorHelpers: Readonly<Record<string, unknown>> = {
  __async: runAsync,
  __awaiter(self: unknown, args: Arguments, _promise: unknown, body: Body): Promise<unknown> {
    return runAsync(self, args, body);
  },
  __asyncGenerator: runAsyncGenerator,
  // esbuild calls it with `new`, tsc without.
  __await: function (value: unknown): Awaited {
    return new Awaited(value);
  },
  __yieldStar(iterable: object): Steps {
    return delegate(asyncIterator(iterable));
  },
  __forAwait: asyncIterator,
  __asyncValues: asyncIterator,
  __asyncDelegator: delegate,
};
