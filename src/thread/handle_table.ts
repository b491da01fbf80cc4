/**
 * The handles that a namespace thread has been told of, by number.
 *
 * @module
 */

import { ExecError, type ExecErrorDetails } from "../exec_error.ts";
import type { ErrorParts, HandleCodec } from "./encoded_value.ts";
import type { HandleDescription } from "./protocol.ts";

/** What the table needs of a handle to describe it; throws when the handle is closed. */
export type Describe<Handle> = (handle: Handle) => Omit<HandleDescription, "handle">;

/** Keeps each handle that a thread knows alive, and turns it into a description and back. */
export class HandleTable<Handle extends { readonly closed: boolean }> implements HandleCodec {
  readonly #isHandle: (value: object) => value is Handle;
  readonly #describe: Describe<Handle>;
  readonly #handles: Handle[] = [];
  readonly #descriptions = new Map<Handle, HandleDescription>();

  constructor(
    isHandle: (value: object) => value is Handle & object,
    describe: Describe<Handle>,
  ) {
    this.#isHandle = isHandle;
    this.#describe = describe;
  }

  /** Describes a handle to the thread. Throws when it is closed. */
  describe(handle: Handle): HandleDescription {
    const known = this.#descriptions.get(handle);
    if (known !== undefined && !handle.closed) return known;
    const description = { handle: this.#handles.length, ...this.#describe(handle) };
    this.#handles.push(handle);
    this.#descriptions.set(handle, description);
    return description;
  }

  encode(value: object): HandleDescription | undefined {
    return this.#isHandle(value) ? this.describe(value) : undefined;
  }

  decode(number: unknown): Handle {
    const handle = this.#handles[number as number];
    if (handle === undefined) throw new RangeError(`There is no handle with number ${number}`);
    return handle;
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
