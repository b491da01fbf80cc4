/**
 * What people call a network namespace that has no name.
 *
 * @module
 */

import { readText } from "../../../ffi/files.ts";
import { NetNS } from "../../../mod.ts";
import { containersOfProcess } from "../../container/cgroup.ts";
import { libc } from "../../libc.ts";

/** Names a namespace after who is in it, else after who holds it, else by its path. */
export function labelOf(ns: NetNS, path: string): string {
  if (ns.equals(NetNS.home())) return "home";
  const [inhabitant] = ns.pids();
  if (inhabitant !== undefined) return describe(inhabitant);
  const [, holder] = /^\/proc\/(\d+)\/fd\//.exec(path) ?? [];
  return holder === undefined ? path : `held by ${describe(Number(holder))}`;
}

/** A process as people know it: `container 0123456789ab (nginx, pid 4711)`. */
function describe(pid: number): string {
  const comm = readText(libc(), `/proc/${pid}/comm`);
  const name = typeof comm === "number" ? "a process that ended" : comm.replace(/\n$/, "");
  // Other words may be those of a cgroup that is no container's.
  const container = containersOfProcess(pid).find(({ id }) => /^[0-9a-f]{64}$/.test(id));
  return container === undefined
    ? `${name} (pid ${pid})`
    : `${container.engine ?? "container"} ${container.id.slice(0, 12)} (${name}, pid ${pid})`;
}
