/**
 * All rows of the table, in its order.
 *
 * @module
 */

import type { Family } from "../row.ts";
import { create } from "./create.ts";
import { doInside } from "./do.ts";
import { doSync } from "./do_sync.ts";
import { each } from "./each.ts";
import { exec } from "./exec.ts";
import { fetchInside } from "./fetch.ts";
import { links } from "./links.ts";
import { many } from "./many.ts";
import { memory } from "./memory.ts";
import { routesAdd } from "./routes_add.ts";
import { routesList } from "./routes_list.ts";
import { routesMemory } from "./routes_memory.ts";
import { start } from "./start.ts";
import { tcp } from "./tcp.ts";

/** The families of rows. */
export const families: readonly Family[] = [
  doSync,
  each,
  create,
  doInside,
  links,
  routesAdd,
  routesList,
  routesMemory,
  exec,
  tcp,
  fetchInside,
  memory,
  many,
  start,
];
