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

/** The helpers, under the names that the transpilers use. */
export function transpilerHelpers(): Readonly<Record<string, unknown>> {
  return {
    ...asyncGeneratorHelpers,
    ...disposalHelpers,
    ...moduleHelpers,
    ...objectHelpers,
    ...privateMemberHelpers,
  };
}
