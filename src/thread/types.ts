/**
 * What calls into a namespace thread give back.
 *
 * @module
 */

/** What a generator yields comes back as an array. */
type Drained<Result> = Result extends
  | Generator<infer Item, unknown, never>
  | AsyncGenerator<infer Item, unknown, never> ? Awaited<Item>[]
  : Result;

/**
 * What a function for `doSync` may return: no promise, as what follows its first `await` would run
 * outside. The compiler shows the text as the type that was expected.
 */
export type Settled<Result> = Result extends PromiseLike<unknown>
  ? "doSync() cannot wait for a promise: use do()"
  : Result;

/** What `do` resolves to for a function that returns `Result`. */
export type DoResult<Result> = Drained<Awaited<Result>>;
