/**
 * A value as a graph of the objects in it: finds the containers that lead to an object which
 * structured clone would damage, and copies those only.
 *
 * @module
 */

import { classify, type Nature } from "./classify.ts";
import { dissect } from "./dissect_error.ts";
import type { EncodedValue, ErrorParts, HandleCodec, Replacement } from "./encoded_value.ts";
import { visitMembers, type Visitor } from "./members.ts";
import { put } from "./put.ts";
import { describe, type Refusal, refuse, tooDeep } from "./uncloneable.ts";

/** An object that may have to be replaced. */
interface Node {
  readonly object: object;
  readonly nature: Nature | "handle";
  readonly depth: number;
  readonly parents: Node[];
  /** The properties of an object or array: a getter may give something else the next time. */
  readonly properties: [name: string, value: unknown][];
  /** What an error is made from again, its members not yet encoded. */
  error?: ErrorParts;
  /** What stands for a handle. */
  handle?: unknown;
  /** What is sent in place of the object; absent when it is sent as it is. */
  substitute?: object;
}

/** The objects of a value. */
export class ValueGraph {
  readonly #handles: HandleCodec;
  readonly #transfer: readonly object[];
  readonly #nodes = new Map<object, Node>();
  readonly #members: Visitor<Node> = {
    visit: (member, node, name) => {
      if (name !== undefined) node.properties.push([name, member]);
      return this.#visit(member, node, node.depth + 1);
    },
  };

  constructor(handles: HandleCodec, transfer: readonly object[]) {
    this.#handles = handles;
    this.#transfer = transfer;
  }

  /** Adds a value and all that it contains. */
  add(value: unknown): Refusal | undefined {
    return this.#visit(value, undefined, 0);
  }

  #visit(value: unknown, parent: Node | undefined, depth: number): Refusal | undefined {
    if (typeof value === "function" || typeof value === "symbol") return refuse(value);
    if (typeof value !== "object" || value === null) return undefined;
    const known = this.#nodes.get(value);
    if (known !== undefined) {
      if (parent !== undefined) known.parents.push(parent);
      return undefined;
    }
    const nature = classify(value);
    if (nature === "whole") return undefined;
    if (nature === "instance") {
      if (this.#transfer.includes(value)) return undefined;
      const handle = this.#handles.encode(value);
      if (handle === undefined) return refuse(value);
      this.#node(value, "handle", depth, parent).handle = handle;
      return undefined;
    }
    const deep = tooDeep(depth);
    if (deep !== undefined) return deep;
    const node = this.#node(value, nature, depth, parent);
    // An error takes more of the stack than a container: 100 causes are enough.
    if (nature === "error") this.#addError(node, depth + 10);
    else if (nature !== "buffer") return visitMembers(value, nature, this.#members, node);
    return undefined;
  }

  #node(object: object, nature: Node["nature"], depth: number, parent: Node | undefined): Node {
    const parents = parent ? [parent] : [];
    const node: Node = { object, nature, depth, parents, properties: [] };
    this.#nodes.set(object, node);
    return node;
  }

  /** An error always crosses: what cannot of its members is described or left out. */
  #addError(node: Node, depth: number): void {
    const error = dissect(node.object);
    const crosses = (value: unknown) => this.#try(value, node, depth);
    if (error.errors !== undefined) {
      error.errors = error.errors.map((value) => crosses(value) ? value : inWords(value));
    }
    error.properties = error.properties.flatMap(([key, value, enumerable]) => {
      if (crosses(value)) return [[key, value, enumerable]];
      return enumerable ? [] : [[key, inWords(value), enumerable]];
    });
    node.error = error;
  }

  /** Adds a value, or leaves the graph as it was. */
  #try(value: unknown, parent: Node, depth: number): boolean {
    const before = this.#nodes.size;
    try {
      if (this.#visit(value, parent, depth) === undefined) return true;
    } catch {
      // A getter that throws, or a handle that is closed.
    }
    let index = 0;
    for (const object of this.#nodes.keys()) {
      if (index++ >= before) this.#nodes.delete(object);
    }
    return false;
  }

  /** The value with replacements, as it was added. */
  encode(value: unknown): EncodedValue {
    this.#markSubstitutes();
    const replaced: Replacement[] = [];
    const holders: object[] = [];
    for (const node of this.#nodes.values()) {
      if (node.substitute === undefined) continue;
      if (isContainer(node)) {
        if (this.#fill(node)) holders.push(node.substitute);
      } else {
        replaced.push(this.#replacement(node, node.substitute));
      }
    }
    return { value: this.#sent(value), replaced, ...(holders.length > 0 && { holders }) };
  }

  /** Gives a substitute to each special object and to each container that leads to one. */
  #markSubstitutes(): void {
    const open = [...this.#nodes.values()].filter((node) => !isContainer(node));
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.substitute !== undefined) continue;
      node.substitute = emptyCopy(node);
      for (const parent of node.parents) open.push(parent);
    }
  }

  /** What is sent for a value. */
  #sent(value: unknown): unknown {
    return this.#nodes.get(value as object)?.substitute ?? value;
  }

  /** Fills the copy of a container; tells whether it holds a placeholder. */
  #fill({ nature, object, properties, substitute }: Node): boolean {
    let holds = false;
    const sent = (value: unknown) => {
      const node = this.#nodes.get(value as object);
      if (node?.substitute === undefined) return value;
      holds ||= !isContainer(node);
      return node.substitute;
    };
    if (nature === "map") {
      const copy = substitute as Map<unknown, unknown>;
      for (const [key, value] of object as typeof copy) copy.set(sent(key), sent(value));
    } else if (nature === "set") {
      const copy = substitute as Set<unknown>;
      for (const value of object as typeof copy) copy.add(sent(value));
    }
    for (const [name, value] of properties) put(substitute!, name, sent(value));
    return holds;
  }

  #replacement(node: Node, placeholder: object): Replacement {
    if (node.nature === "handle") return [placeholder, "handle", node.handle];
    if (node.nature === "buffer") return [placeholder, "buffer", this.#bytes(node.object)];
    const error = node.error!;
    return [placeholder, "error", {
      ...error,
      ...(error.errors && { errors: error.errors.map((value) => this.#sent(value)) }),
      properties: error.properties.map(([key, value, shown]) => [key, this.#sent(value), shown]),
    }];
  }

  /** The bytes of a Buffer, without the pool that small ones are a part of. */
  #bytes(object: object): Uint8Array {
    const { buffer, byteOffset, byteLength } = object as Uint8Array;
    const view = new Uint8Array(buffer, byteOffset, byteLength);
    const owned = byteLength === buffer.byteLength || !(buffer instanceof ArrayBuffer) ||
      this.#transfer.includes(buffer);
    return owned ? view : view.slice();
  }
}

function isContainer(node: Node): boolean {
  return node.nature === "object" || node.nature === "array" || node.nature === "map" ||
    node.nature === "set";
}

function emptyCopy({ nature, object }: Node): object {
  if (nature === "array") return new Array((object as unknown[]).length);
  if (nature === "map") return new Map();
  if (nature === "set") return new Set();
  return {};
}

/** What is said of a cause that cannot cross. */
function inWords(value: unknown): string {
  if (!(value instanceof Error)) return describe(value);
  const { name, message } = dissect(value);
  return `${name}: ${message}`;
}
