/**
 * Which container a process is in, by the names that engines give to cgroups. See cgroups(7).
 *
 * @module
 */

import { readDirectory, readText } from "../../ffi/files.ts";
import { libc } from "../libc.ts";

/** A container as a cgroup names it. */
export interface CgroupContainer {
  /** The id, 64 hexadecimal digits; or the name, for engines that have no such ids. */
  id: string;
  /** The engine, where the name tells. */
  engine: string | undefined;
}

/** Engines by what they put before the id. What is only their monitor has `conmon-` after that. */
const prefixes: Readonly<Record<string, string>> = {
  docker: "docker",
  libpod: "podman",
  crio: "cri-o",
  "cri-containerd": "containerd",
  nerdctl: "containerd",
};

/** `docker-ID.scope`, `libpod-ID`, `kubepods-pod1.slice:cri-containerd:ID`. */
const prefixed =
  /^(?:.*:)?(docker|libpod|crio|cri-containerd|nerdctl)[-:]([0-9a-f]{64})(?:\.scope)?$/;

/** The innermost container that a path in a cgroup hierarchy names. */
export function containerOfPath(path: string): CgroupContainer | undefined {
  const components = path.split("/").slice(1);
  for (let index = components.length - 1; index >= 0; index--) {
    const component = components[index]!;
    const parent = components[index - 1];
    const [, prefix, id] = prefixed.exec(component) ?? [];
    if (id !== undefined) return { id, engine: prefixes[prefix!] };
    if (/^[0-9a-f]{64}$/.test(component)) {
      return { id: component, engine: parent === "docker" ? "docker" : undefined };
    }
    if (component.startsWith("lxc.payload.")) {
      return { id: component.slice("lxc.payload.".length), engine: "lxc" };
    }
  }
  const [first, second] = components;
  if (first === undefined || second === undefined || !free(first) || !free(second)) {
    return undefined;
  }
  // containerd's own client: the namespace of containerd, and a name that its user chose.
  return { id: second, engine: first === "lxc" ? "lxc" : "containerd" };
}

/** Whether a cgroup may have its name from a user: systemd's end in the type of the unit. */
function free(component: string): boolean {
  return /^[A-Za-z0-9]/.test(component) &&
    !/\.(slice|scope|service|socket|mount|swap)$/.test(component);
}

/** Whether somebody who asks for `id` means the container. Ids may be cut to 3 digits and more. */
export function isMeant(container: CgroupContainer, id: string, engine?: string): boolean {
  if (engine !== undefined && container.engine !== undefined && container.engine !== engine) {
    return false;
  }
  return container.id === id ||
    (/^[0-9a-f]{3,}$/.test(id) && container.id.length === 64 && container.id.startsWith(id));
}

/** The containers that a process is in by any of its cgroups; none when there is no such process. */
export function containersOfProcess(pid: number): CgroupContainer[] {
  const text = readText(libc(), `/proc/${pid}/cgroup`);
  if (typeof text === "number") return [];
  return text.split("\n").flatMap((line) => {
    const path = line.split(":").slice(2).join(":");
    return containerOfPath(path) ?? [];
  });
}

/** The processes of each container that is meant, the oldest first. */
export function findContainers(id: string, engine?: string): Map<string, number[]> {
  const found = new Map<string, { pid: number; start: number }[]>();
  const names = readDirectory(libc(), "/proc");
  for (const name of typeof names === "number" ? [] : names) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const container = containersOfProcess(pid).find((one) => isMeant(one, id, engine));
    const start = container && startTime(pid);
    if (start === undefined) continue;
    const processes = found.get(container!.id) ?? [];
    found.set(container!.id, [...processes, { pid, start }]);
  }
  return new Map([...found].map(([container, processes]) => {
    processes.sort((a, b) => a.start - b.start || a.pid - b.pid);
    return [container, processes.map(({ pid }) => pid)];
  }));
}

/** When a process was started, in clock ticks since boot; `undefined` when it has ended. */
function startTime(pid: number): number | undefined {
  const text = readText(libc(), `/proc/${pid}/stat`);
  if (typeof text === "number") return undefined;
  // The name before, in parentheses, may hold anything: see proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : Number(fields[19]);
}
