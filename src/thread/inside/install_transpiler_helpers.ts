/**
 * Where functions find the helpers of the transpilers that they went through.
 *
 * @module
 */

import { defineLate } from "./define_late.ts";
import { transpilerHelpers } from "./transpiler_helpers.ts";

const names: readonly string[] = [
  ...["__async", "__awaiter", "__asyncGenerator", "__await", "__yieldStar"],
  ...["__forAwait", "__asyncValues", "__asyncDelegator", "__using", "__callDispose"],
  ...["__addDisposableResource", "__disposeResources", "require", "__require"],
  ...["__importDefault", "__importStar", "__toESM", "__vite_ssr_dynamic_import__"],
  ...["__name", "__publicField", "__objRest", "__rest", "__restKey"],
  ...["__spreadValues", "__spreadProps", "__setFunctionName", "__privateIn"],
  ...["__privateAdd", "__privateGet", "__privateSet", "__privateMethod"],
  ...["__privateWrapper", "__classPrivateFieldIn", "__classPrivateFieldGet"],
  ...["__classPrivateFieldSet"],
];

/**
 * Defines the helpers as global functions, which are made when one is used; what exists stays.
 *
 * @param target Where they are defined.
 */
export function installTranspilerHelpers(target: object = globalThis): void {
  let made: ReturnType<typeof transpilerHelpers> | undefined;
  for (const name of names) {
    if (!(name in target)) defineLate(target, name, () => (made ??= transpilerHelpers())[name]);
  }
}
