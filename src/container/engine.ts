/**
 * Container engines that answer over a Unix socket: Docker, and Podman, which speaks the same.
 *
 * @module
 */

import { builtin } from "../../ffi/builtin.ts";
import { environmentVariable } from "../environment.ts";
import { onAbort } from "../on_abort.ts";

/** Where an engine answers. */
export interface EngineSocket {
  engine: string;
  path: string;
}

/** What an engine knows of a container. */
export interface InspectedContainer {
  /** The whole id. */
  id: string;
  /** The first process; 0 when the container is not running. */
  pid: number;
}

/** The sockets on which an engine usually answers, or any engine does. */
export function usualSockets(engine?: string): EngineSocket[] {
  const docker = environmentVariable("DOCKER_HOST");
  const runtimeDirectory = environmentVariable("XDG_RUNTIME_DIR");
  const sockets = [
    {
      engine: "docker",
      path: docker?.startsWith("unix://") ? docker.slice("unix://".length) : "/var/run/docker.sock",
    },
    { engine: "podman", path: "/run/podman/podman.sock" },
  ];
  if (runtimeDirectory) {
    sockets.push({ engine: "podman", path: `${runtimeDirectory}/podman/podman.sock` });
  }
  return sockets.filter((socket) => engine === undefined || socket.engine === engine);
}

/** How long an engine has to answer, in ms. */
const PATIENCE = 5000;

/**
 * Asks an engine for a container; `undefined` when the engine does not know it. Throws when there
 * is no answer that can be used.
 */
export async function inspectContainer(
  { path }: EngineSocket,
  id: string,
  signal: AbortSignal | undefined,
): Promise<InspectedContainer | undefined> {
  const { status, body } = await get(path, `/containers/${encodeURIComponent(id)}/json`, signal);
  if (status === 404) return undefined;
  const answer = parse(body);
  if (status !== 200) {
    throw new Error(`it answered with status ${status}: ${answer?.message ?? "no reason given"}`);
  }
  const pid = answer?.State?.Pid;
  const known = answer?.Id;
  if (typeof known !== "string" || known === "" || !Number.isInteger(pid) || (pid as number) < 0) {
    throw new Error("its answer is not that of a container engine");
  }
  return { id: known, pid: answer!.State!.Running === false ? 0 : pid as number };
}

/** The part of the answer to GET /containers/ID/json that is used; nothing of it is certain. */
interface Answer {
  Id?: unknown;
  State?: { Pid?: unknown; Running?: unknown };
  message?: unknown;
}

function parse(body: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One HTTP request over a Unix socket, with a connection of its own. */
function get(
  socketPath: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: "localhost", connection: "close" };
    const request = builtin.http.get({ socketPath, path, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => body += text);
      response.on("error", fail);
      response.on("aborted", () => fail(new Error("it broke its answer off")));
      response.on("end", () => {
        settle();
        resolve({ status: response.statusCode, body });
      });
    });
    const abort = () => fail(signal!.reason);
    const timer = setTimeout(
      () => fail(new Error(`it did not answer in ${PATIENCE} ms`)),
      PATIENCE,
    );
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    function fail(error: unknown): void {
      settle();
      reject(error);
      request.destroy();
    }
    request.on("error", fail);
    if (signal) onAbort(signal, abort);
  });
}
