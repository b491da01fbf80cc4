/**
 * Opening the network namespace of a running container.
 *
 * @module
 */

import { readLink } from "../ffi/files.ts";
import {
  checkChoice,
  checkOptions,
  checkPath,
  checkSignal,
  outOfRange,
  wrongType,
} from "./check.ts";
import { containersOfProcess, findContainers, isMeant } from "./container/cgroup.ts";
import { type EngineSocket, inspectContainer, usualSockets } from "./container/engine.ts";
import { isNetNSError, NetNSError } from "./errors.ts";
import { libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";
import { openPid } from "./open.ts";

/** How `NetNS.fromContainer()` looks for a container. */
export interface ContainerOptions {
  /**
   * The engine that runs it. Docker and Podman are asked over their sockets, which in Deno requires
   * `--allow-read`, `--allow-write` and `--allow-net` of those; containers of the others, and those
   * that nobody could be asked about, are found by their cgroups.
   *
   * @default any engine
   */
  engine?: "docker" | "podman" | "containerd" | "cri-o" | undefined;
  /**
   * The Unix socket on which Docker or Podman answers; nothing else is tried then.
   *
   * @default {"/var/run/docker.sock"} or what the environment variable `DOCKER_HOST` says, and
   * `/run/podman/podman.sock` and `$XDG_RUNTIME_DIR/podman/podman.sock`
   */
  socketPath?: string | undefined;
  /** Ends the search; the call rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/** Opens the namespace of a container by its id, the beginning of it, or its name. */
export async function openContainer(
  id: string,
  options: ContainerOptions = {},
): Promise<Namespace> {
  checkContainer(id, options);
  const { engine, socketPath, signal } = options;
  signal?.throwIfAborted();
  const sockets = socketPath === undefined
    ? usualSockets(engine)
    : [{ engine: engine ?? "engine", path: socketPath }];

  const tried: string[] = [];
  let cause: unknown;
  for (const socket of sockets) {
    const asked = `${socket.engine} at ${socket.path}`;
    try {
      const container = await inspectContainer(socket, id, signal);
      if (container) return await openInspected(id, socket, container, signal);
      tried.push(`${asked} does not know it`);
    } catch (error) {
      signal?.throwIfAborted();
      if (isNetNSError(error)) throw error;
      cause ??= error;
      tried.push(`${asked} cannot be asked: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (socketPath === undefined) {
    const namespace = openByCgroup(id, engine);
    if (namespace) return namespace;
    tried.push("no process has a cgroup of that name");
  }
  throw notFound(id, tried.join("; "), cause === undefined ? {} : { cause });
}

function checkContainer(id: unknown, options: ContainerOptions): void {
  if (typeof id !== "string") throw wrongType("id", "a string", id);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(id) || id.length > 255) {
    throw outOfRange("id", "the id or name of a container", id);
  }
  checkOptions("options", options, ["engine", "socketPath", "signal"]);
  checkChoice("options.engine", options.engine, ["docker", "podman", "containerd", "cri-o"]);
  checkSignal("options.signal", options.signal);
  if (options.socketPath === undefined) return;
  checkPath("options.socketPath", options.socketPath);
  if (options.engine === "containerd" || options.engine === "cri-o") {
    throw new TypeError(`options.socketPath cannot be used with engine "${options.engine}"`);
  }
}

/** Opens the container that an engine told of, and makes sure that it still is that one. */
async function openInspected(
  id: string,
  socket: EngineSocket,
  container: { id: string; pid: number },
  signal: AbortSignal | undefined,
): Promise<Namespace> {
  const { pid } = container;
  if (pid === 0) throw notFound(id, `${socket.engine} says that it is not running`);
  const namespace = openUnlessEnded(pid);
  try {
    if (namespace === undefined || !isContained(pid, container.id)) {
      throw notFound(id, `its process ${pid} is not to be seen here`, {
        hint: "it ended just now, or the engine runs in another PID namespace: run there too",
      });
    }
    const still = await inspectContainer(socket, container.id, signal);
    if (still?.pid !== pid) throw notFound(id, "it ended meanwhile");
    return namespace;
  } catch (error) {
    await namespace?.close();
    throw error;
  }
}

/**
 * Whether a process can be one of a container. Its cgroup says so, unless the engine makes none;
 * then it is enough that it sees other processes than we do.
 */
function isContained(pid: number, id: string): boolean {
  return containersOfProcess(pid).some((container) => container.id === id) ||
    readLink(libc(), `/proc/${pid}/ns/pid`) !== readLink(libc(), "/proc/self/ns/pid");
}

/** Opens the container whose processes have a cgroup of its name; `undefined` when there is none. */
function openByCgroup(id: string, engine: string | undefined): Namespace | undefined {
  const found = findContainers(id, engine);
  if (found.size > 1 && !found.has(id)) {
    const which = [...found.keys()].map((one) => one.slice(0, 12)).sort().join(", ");
    throw notFound(id, `it is ambiguous, as these begin so: ${which}`);
  }
  for (const pid of found.get(id) ?? [...found.values()].flat()) {
    const namespace = openUnlessEnded(pid);
    // The number may have gone to another process meanwhile.
    if (containersOfProcess(pid).some((container) => isMeant(container, id, engine))) {
      if (namespace) return namespace;
    }
    namespace?.close();
  }
  return undefined;
}

function openUnlessEnded(pid: number): Namespace | undefined {
  try {
    return openPid(pid);
  } catch (error) {
    if (isNetNSError(error) && error.code === "ERR_NETNS_NOT_FOUND") return undefined;
    throw error;
  }
}

function notFound(
  id: string,
  reason: string,
  details: { hint?: string; cause?: unknown } = {},
): NetNSError {
  const message = `Cannot open the network namespace of container "${id}": ${reason}`;
  return new NetNSError(message, { code: "ERR_NETNS_NOT_FOUND", ...details });
}
