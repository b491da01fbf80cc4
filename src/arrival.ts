/**
 * The types of values as they arrive on the other side of a thread: types only.
 *
 * @module
 */

import type { NetNS } from "./netns.ts";
import type { RemoteNetNS } from "./remote.ts";

/**
 * A value as it arrives inside: each {@linkcode NetNS} in it, at any depth of objects, arrays, maps
 * and sets, becomes a {@linkcode RemoteNetNS}.
 */
export type Inside<T> = Arrived<T, NetNS, RemoteNetNS>;

/** Arguments as they arrive inside. */
export type InsideAll<Args extends readonly unknown[]> = {
  [Index in keyof Args]: Inside<Args[Index]>;
};

/**
 * A result as it arrives outside: each {@linkcode RemoteNetNS} in it, at any depth of objects,
 * arrays, maps and sets, becomes the {@linkcode NetNS} itself.
 */
export type Outside<T> = Arrived<T, RemoteNetNS, NetNS>;

/** Arguments as they are given outside, so that they arrive inside as `Args`. */
export type OutsideAll<Args extends readonly unknown[]> = {
  [Index in keyof Args]: Outside<Args[Index]>;
};

/** A copy of a value in which handles of one kind are those of the other kind. */
type Arrived<T, From, To> = IsAny<T> extends true ? T
  : T extends From ? To
  : T extends Primitive | Error ? T
  : T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Arrived<Key, From, To>, Arrived<Value, From, To>>
  : T extends ReadonlySet<infer Member> ? Set<Arrived<Member, From, To>>
  : T extends readonly unknown[] ? { [Index in keyof T]: Arrived<T[Index], From, To> }
  : IsPlain<T> extends true ? { [Key in keyof T]: Arrived<T[Key], From, To> }
  : T;

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/** Whether a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether objects of a type hold data only: what has a method is an instance of some class. */
type IsPlain<T> = T extends object ? [keyof T] extends [never] ? false
  : true extends { [Key in keyof T]-?: IsMethod<T[Key]> }[keyof T] ? false
  : true
  : false;

type IsMethod<T> = IsAny<T> extends true ? false
  : [Extract<T, (...args: never[]) => unknown>] extends [never] ? false
  : true;
