/**
 * Transpiler helpers for private members of classes, which are kept in a WeakMap or a WeakSet.
 *
 * @module
 */

/** What holds the objects that have a private member. */
type Members = WeakMap<object, unknown> | WeakSet<object>;
type Getter = () => unknown;
type Setter = (value: unknown) => void;
/** In the code of tsc, static members are kept in the class or in a box. */
type State = Members | ((...args: never[]) => unknown);
type Box = { value: unknown };

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function need(condition: boolean, action: string): void {
  if (!condition) throw new TypeError(`Cannot ${action}: the object is not of the right class`);
}

function has(state: State, receiver: unknown): boolean {
  return typeof state === "function"
    ? receiver === state
    : isObject(receiver) && state.has(receiver);
}

/** The helpers of esbuild. */
const esbuild = {
  __privateIn(members: Members, object: unknown): boolean {
    if (!isObject(object)) throw new TypeError('Cannot use the "in" operator on this value');
    return members.has(object);
  },
  __privateAdd(object: object, members: Members, value: unknown): void {
    if (members.has(object)) throw new TypeError("Cannot add the same private member twice");
    if (members instanceof WeakSet) members.add(object);
    else members.set(object, value);
  },
  __privateGet(object: object, members: Members, getter?: Getter): unknown {
    need(members.has(object), "read from private member");
    return getter ? getter.call(object) : (members as WeakMap<object, unknown>).get(object);
  },
  __privateSet(object: object, members: Members, value: unknown, setter?: Setter): unknown {
    need(members.has(object), "write to private member");
    if (setter) setter.call(object, value);
    else (members as WeakMap<object, unknown>).set(object, value);
    return value;
  },
  __privateMethod(object: object, members: Members, method: unknown): unknown {
    need(members.has(object), "access private method");
    return method;
  },
  __privateWrapper(object: object, members: Members, setter?: Setter, getter?: Getter): object {
    return {
      get _() {
        return esbuild.__privateGet(object, members, getter);
      },
      set _(value: unknown) {
        esbuild.__privateSet(object, members, value, setter);
      },
    };
  },
};

/** The helpers of tsc; `kind` is "m" for a method, "a" for an accessor, "f" for a field. */
const tsc = {
  __classPrivateFieldIn(state: State, receiver: unknown): boolean {
    if (!isObject(receiver)) throw new TypeError('Cannot use the "in" operator on this value');
    return has(state, receiver);
  },
  __classPrivateFieldGet(
    receiver: object,
    state: State,
    kind: "m" | "a" | "f" = "f",
    member?: Box | Getter,
  ): unknown {
    if (kind === "a" && !member) throw new TypeError("The private accessor has no getter");
    need(has(state, receiver), "read from private member");
    if (kind === "m") return member;
    if (kind === "a") return (member as Getter).call(receiver);
    return member ? (member as Box).value : (state as WeakMap<object, unknown>).get(receiver);
  },
  __classPrivateFieldSet(
    receiver: object,
    state: State,
    value: unknown,
    kind: "m" | "a" | "f" = "f",
    member?: Box | Setter,
  ): unknown {
    if (kind === "m") throw new TypeError("A private method is not writable");
    if (kind === "a" && !member) throw new TypeError("The private accessor has no setter");
    need(has(state, receiver), "write to private member");
    if (kind === "a") (member as Setter).call(receiver, value);
    else if (member) (member as Box).value = value;
    else (state as WeakMap<object, unknown>).set(receiver, value);
    return value;
  },
};

/** The helpers, under the names that the transpilers use. */
export const privateMemberHelpers: Readonly<Record<string, unknown>> = { ...esbuild, ...tsc };
