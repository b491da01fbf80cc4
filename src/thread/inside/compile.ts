/**
 * Makes functions from their text.
 *
 * @module
 */

import { explainReferenceError } from "./captured_variable.ts";
import { compileError } from "./compile_error.ts";
import { evalGlobalsIn } from "./eval_globals.ts";
import { evaluate } from "./host.ts";
import { containInspectorFor } from "./inspector.ts";
import { sourceScheme } from "./source_scheme.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** Compiling takes 20 to 130 us, finding a function here 1 us; programs have few of them. */
const compiled = new Map<string, AnyFunction>();
const MAX_COMPILED = 200;

/**
 * The function that a text stands for: of any form, also a method, a getter or a setter.
 *
 * @param source The text of the function.
 * @returns The function, in strict mode and without outer variables.
 * @throws {NetNSError} `ERR_NETNS_UNCLONEABLE` when the text does not parse here,
 * `ERR_NETNS_CAPTURED_VARIABLE` when its computed name uses an outer variable.
 */
export function compile(source: string): AnyFunction {
  let fn = compiled.get(source);
  if (fn === undefined) {
    fn = build(source);
    if (compiled.size >= MAX_COMPILED) compiled.delete(compiled.keys().next().value!);
    compiled.set(source, fn);
  }
  return fn;
}

function build(source: string): AnyFunction {
  containInspectorFor(source);
  const name = nameOf(source);
  let asExpression: unknown;
  try {
    return evaluateAs(name, `(${source}\n)`, source) as AnyFunction;
  } catch (error) {
    asExpression = error;
  }
  try {
    // V8 leaves the name out of the text of a method that is named `static`.
    const member = /^\(.*?\)\s*\{/s.test(source) ? `static${source}` : source;
    const object = evaluateAs(name, `({${member}\n})`, source) as object;
    const key = Reflect.ownKeys(object)[0]!;
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key)!;
    return (value ?? get ?? set) as AnyFunction;
  } catch (asMethod) {
    if (asMethod instanceof ReferenceError) throw explainReferenceError(asMethod, source);
    throw compileError(isExpression(source) ? asExpression : asMethod);
  }
}

/**
 * Evaluates in the global scope. Unlike `new Function`, this keeps line numbers as they are in the
 * text; modules of the library and of users are strict, so their functions are here.
 */
function evaluateAs(name: string, expression: string, source: string): unknown {
  const outside = evalGlobalsIn(source);
  const statement = outside.length === 0
    ? expression
    : `(()=>{return${expression};let ${outside.join()}})()`; // To use these is an error for ever.
  return evaluate(`"use strict";${statement}\n//# sourceURL=${sourceScheme}${name}`);
}

const identifier = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const expression = new RegExp(`^(?:async\\s*)?(?:function\\b|\\(|${identifier}\\s*=>)`, "u");
const functionName = new RegExp(`^(?:async\\s+)?function\\b\\s*\\*?\\s*(${identifier})`, "u");
const methodName = new RegExp(
  `^(?:async\\s+(?!\\())?\\*?\\s*(?:[gs]et\\s+(?!\\())?(${identifier})\\s*\\(`,
  "u",
);

/** Whether a text is that of an arrow function or of a function expression. */
function isExpression(source: string): boolean {
  return expression.test(source);
}

/** The name that a text gives to its function. */
function nameOf(source: string): string {
  const match = (isExpression(source) ? functionName : methodName).exec(source);
  return match?.[1] ?? "anonymous";
}
