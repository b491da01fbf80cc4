/**
 * The commands, in the order of the help.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { add } from "./add.ts";
import { attach } from "./attach.ts";
import { completion } from "./completion.ts";
import { deleteCommand } from "./delete.ts";
import { doctor } from "./doctor.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { identify } from "./identify.ts";
import { list } from "./list.ts";
import { listId } from "./list_id.ts";
import { monitor } from "./monitor.ts";
import { pids } from "./pids.ts";
import { prune } from "./prune.ts";
import { rootless } from "./rootless.ts";
import { rootlessInit } from "./rootless_init.ts";
import { run } from "./run.ts";
import { set } from "./set.ts";
import { show } from "./show.ts";

/** Every command. */
export const commands: readonly Command[] = [
  list,
  add,
  attach,
  deleteCommand,
  identify,
  pids,
  set,
  listId,
  monitor,
  exec,
  run,
  show,
  graph,
  doctor,
  prune,
  rootless,
  rootlessInit,
  completion,
];
