/**
 * The connections that requests are sent over, and how long they are kept.
 *
 * @module
 */

import http, { type Agent, type AgentOptions } from "node:http";
import https from "node:https";
import { connect, type ConnectionOptions } from "node:tls";
import { IDLE_TIMEOUT } from "./idle_timeout.ts";

/** The `tls` option of Bun's fetch. */
export interface TlsOptions extends ConnectionOptions {
  serverName?: string;
}

/** Most kinds of connections that are kept: one for each distinct `tls` option. */
const MAX_KINDS = 64;

/** Connections that are kept for requests to come. */
export class ConnectionPool {
  readonly #agents = new Map<string, Agent>();

  /**
   * The agent for a kind of connection.
   *
   * @param protocol `http:` or `https:`.
   * @param tls The options of the connection.
   * @param checked Whether connections with a check of the user's own may be kept.
   * @returns The agent; undefined when connections of this kind are not kept.
   */
  agent(protocol: string, tls: TlsOptions | undefined, checked: boolean): Agent | undefined {
    if (protocol === "http:") return this.#get(protocol, () => new http.Agent(keepAlive));
    if (tls?.checkServerIdentity !== undefined && !checked) return undefined;
    const kind = kindOf(tls);
    return kind === undefined ? undefined : this.#get(kind, () => secureAgent(keepAlive));
  }

  /** Closes the connections that are idle. */
  close(): void {
    for (const agent of this.#agents.values()) closeIdle(agent);
    this.#agents.clear();
  }

  #get(kind: string, create: () => Agent): Agent {
    const known = this.#agents.get(kind);
    if (known !== undefined) return known;
    if (this.#agents.size >= MAX_KINDS) {
      const [oldest, agent] = this.#agents.entries().next().value!;
      this.#agents.delete(oldest);
      closeIdle(agent);
    }
    const agent = create();
    this.#agents.set(kind, agent);
    return agent;
  }
}

/** What a connection is made with that is not kept: an agent, or `false` for none. */
export function unpooled(protocol: string): Agent | false {
  return protocol === "https:" && "Deno" in globalThis ? secureAgent({}) : false;
}

/**
 * An agent for HTTPS. Deno's own `https.Agent` does not know the certificates of `--cert` and
 * DENO_CERT, and heeds NODE_TLS_REJECT_UNAUTHORIZED; Deno's fetch does the opposite.
 */
function secureAgent(options: AgentOptions): Agent {
  const agent = new https.Agent(options);
  if ("Deno" in globalThis) {
    agent.createConnection = (options) =>
      connect({ ...options as ConnectionOptions, rejectUnauthorized: true, ca: undefined });
  }
  return agent;
}

// A request with the same limit does not have to set it.
const keepAlive = { keepAlive: true, maxFreeSockets: 256, timeout: IDLE_TIMEOUT };

function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((one) => one.destroy());
  // A connection that is in use is closed rather than kept.
  agent.maxFreeSockets = 0;
}

/** A text that two options have in common only when they mean the same. */
function kindOf(tls: TlsOptions | undefined): string | undefined {
  let isPlain = true;
  const text = JSON.stringify(tls ?? {}, (_key, value: unknown) => {
    if (typeof value === "function") return functionId(value);
    if (ArrayBuffer.isView(value)) {
      return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      isPlain &&= Object.getPrototypeOf(value) === Object.prototype;
    }
    return value;
  });
  return isPlain ? text : undefined;
}

const functionIds = new WeakMap<object, number>();
let lastFunctionId = 0;

function functionId(value: object): string {
  const id = functionIds.get(value) ?? ++lastFunctionId;
  functionIds.set(value, id);
  return `function ${id}`;
}
