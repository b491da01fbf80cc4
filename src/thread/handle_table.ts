/**
 * The handles that a namespace thread has been told of, by number.
 *
 * @module
 */

import type { HandleCodec } from "./encode_value.ts";
import type { HandleDescription } from "./protocol.ts";

/** What the table needs of a handle to describe it. */
export type Describe<Handle> = (handle: Handle) => Omit<HandleDescription, "handle">;

/** Keeps each handle that a thread knows alive, and turns it into a description and back. */
export class HandleTable<Handle extends object> implements HandleCodec {
  readonly #isHandle: (value: object) => value is Handle;
  readonly #describe: Describe<Handle>;
  readonly #handles: Handle[] = [];
  readonly #numbers = new Map<Handle, number>();

  constructor(isHandle: (value: object) => value is Handle, describe: Describe<Handle>) {
    this.#isHandle = isHandle;
    this.#describe = describe;
  }

  /** Describes a handle to the thread. Throws when it is closed. */
  describe(handle: Handle): HandleDescription {
    const description = this.#describe(handle);
    let number = this.#numbers.get(handle);
    if (number === undefined) {
      number = this.#handles.push(handle) - 1;
      this.#numbers.set(handle, number);
    }
    return { handle: number, ...description };
  }

  encode(value: object): HandleDescription | undefined {
    return this.#isHandle(value) ? this.describe(value) : undefined;
  }

  decode(number: unknown): Handle {
    const handle = this.#handles[number as number];
    if (handle === undefined) throw new RangeError(`There is no handle with number ${number}`);
    return handle;
  }
}
