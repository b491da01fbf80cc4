/**
 * The handles that a namespace thread has been told of, by number.
 *
 * @module
 */

import { NetNSError } from "../errors.ts";
import { ExecError, type ExecErrorDetails } from "../exec_error.ts";
import type { ErrorParts, HandleCodec } from "./encoded_value.ts";
import type { HandleDescription } from "./protocol.ts";

/** What the table needs of a handle to describe it; throws when the handle is closed. */
export type Describe<Handle> = (handle: Handle) => Omit<HandleDescription, "handle">;

/** So many handles are kept at least before it is looked for closed ones. */
const FEW = 64;

/**
 * Turns handles into descriptions and back. An open handle that a thread knows is kept alive for it;
 * a closed one is known for as long as somebody has it.
 */
export class HandleTable<Handle extends object & { readonly closed: boolean }>
  implements HandleCodec {
  readonly #isHandle: (value: object) => value is Handle;
  readonly #describe: Describe<Handle>;
  readonly #handles = new Map<number, Handle | WeakRef<Handle>>();
  readonly #descriptions = new WeakMap<Handle, HandleDescription>();
  #count = 0;
  #limit = FEW;

  constructor(
    isHandle: (value: object) => value is Handle,
    describe: Describe<Handle>,
  ) {
    this.#isHandle = isHandle;
    this.#describe = describe;
  }

  /** Describes a handle to the thread. Throws when it is closed. */
  describe(handle: Handle): HandleDescription {
    const known = this.#descriptions.get(handle);
    if (known !== undefined && !handle.closed) return known;
    const description = { handle: this.#count, ...this.#describe(handle) };
    if (this.#handles.size >= this.#limit) this.#letGo();
    this.#handles.set(this.#count++, handle);
    this.#descriptions.set(handle, description);
    return description;
  }

  encode(value: object): HandleDescription | undefined {
    return this.#isHandle(value) ? this.describe(value) : undefined;
  }

  /** The handle with a number. Throws when it is closed and nobody has it. */
  decode(number: unknown): Handle {
    const kept = this.#handles.get(number as number);
    const handle = kept instanceof WeakRef ? kept.deref() : kept;
    if (handle !== undefined) return handle;
    if (typeof number !== "number" || !(number < this.#count)) {
      throw new RangeError(`There is no handle with number ${number}`);
    }
    throw new NetNSError("Cannot use a handle that is closed", { code: "ERR_NETNS_CLOSED" });
  }

  /** Looks for closed handles when there are twice as many as the last time. */
  #letGo(): void {
    for (const [number, kept] of this.#handles) {
      if (!(kept instanceof WeakRef)) {
        if (kept.closed) this.#handles.set(number, new WeakRef(kept));
      } else if (kept.deref() === undefined) {
        this.#handles.delete(number);
      }
    }
    this.#limit = Math.max(FEW, 2 * this.#handles.size);
  }

  /** An error of `exec` is a NetNSError of its name in the thread, which lacks the class. */
  makeError({ class: name, ...parts }: ErrorParts): Error | undefined {
    if (name !== "NetNSError" || parts.name !== "ExecError") return undefined;
    return new ExecError(parts.message, unknownDetails);
  }
}

/** Until the properties of the error replace them. */
const unknownDetails: ExecErrorDetails<string> = {
  code: "ERR_NETNS_EXEC_FAILED",
  command: "",
  args: [],
  stdout: "",
  stderr: "",
  exitCode: null,
  signal: null,
  durationMs: 0,
  timedOut: false,
};
