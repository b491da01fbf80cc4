/**
 * The functions that esbuild, tsx, tsc and Vite leave outside of the functions that they compile.
 * Without them the text of such a function does not run by itself. What targets before ES2017 or
 * decorators need is not among them.
 *
 * @module
 */

import { asyncGeneratorHelpers } from "./async_generator_helpers.ts";
import { disposalHelpers } from "./disposal_helpers.ts";
import { moduleHelpers } from "./module_helpers.ts";
import { objectHelpers } from "./object_helpers.ts";
import { privateMemberHelpers } from "./private_member_helpers.ts";

/**
 * Defines the helpers as global functions; what exists stays.
 *
 * @param target Where they are defined.
 */
export function installTranspilerHelpers(target: object = globalThis): void {
  const helpers = Object.assign(
    {},
    asyncGeneratorHelpers,
    disposalHelpers,
    moduleHelpers,
    objectHelpers,
    privateMemberHelpers,
  );
  for (const [name, value] of Object.entries(helpers)) {
    if (name in target) continue;
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}
