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

/** What `do` resolves to for a function that returns `Result`. */
export type DoResult<Result> = Drained<Awaited<Result>>;
