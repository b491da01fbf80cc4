/**
 * Keeps Deno from the proxies of the process's environment, which all its threads share: they
 * belong to the network that the process is in.
 *
 * @module
 */

import { hasProxy } from "../../environment.ts";
import { defineLate } from "../define_late.ts";
import { containedFetch, type NativeFetch } from "./fetch.ts";
import { proxyRefusal } from "./proxy_refusal.ts";

type Callable = (...args: unknown[]) => unknown;
type Constructor = new (...args: unknown[]) => object;

/**
 * Contains everything of Deno that goes through proxies by itself.
 *
 * @param initial Gives the environment that the process was started with.
 * @returns Whether `fetch` goes over sockets of this thread at present.
 */
export function containDeno(initial: () => string): () => boolean {
  const scope = globalThis as unknown as Record<PropertyKey, unknown> & { Deno: typeof Deno };
  let known: string | undefined;
  const isProxied = () => hasProxy(() => known ??= initial());
  // The client of fetch is made with the first request, and has the proxies of that moment for good.
  let isDirect = false;
  const isOverSockets = () => !isDirect && isProxied();

  // node:http asks for this flag before it looks at NODE_USE_ENV_PROXY.
  scope[Symbol.for("Deno.internal.useEnvProxy")] = false;

  const native = scope["fetch"] as NativeFetch;
  scope["fetch"] = async function fetch(...args: [input: string, init?: RequestInit]) {
    const hasClient = has(args[1], "client");
    if (!hasClient && isOverSockets()) return await containedFetch(native, args);
    const response = await native(...args);
    isDirect ||= !hasClient && /^https?:/.test(response.url);
    return response;
  };
  for (const name of ["WebSocket", "WebSocketStream", "EventSource"]) {
    if (!(name in scope)) continue;
    // Each of them takes a millisecond to load.
    const own = Object.getOwnPropertyDescriptor(scope, name)!;
    defineLate(
      scope,
      name,
      () =>
        new Proxy((own.get ? own.get.call(scope) : own.value) as Constructor, {
          construct(target, args: unknown[], newTarget) {
            if (!has(args[1], "client") && isProxied()) throw proxyRefusal(name);
            return Reflect.construct(target, args, newTarget) as object;
          },
        }),
    );
  }
  scope.Deno.createHttpClient = new Proxy(scope.Deno.createHttpClient as unknown as Callable, {
    apply(target, self, args: unknown[]) {
      if (!has(args[0], "proxy") && isProxied()) {
        throw proxyRefusal("an HTTP client without a proxy");
      }
      return Reflect.apply(target, self, args);
    },
  }) as unknown as typeof Deno.createHttpClient;
  return isOverSockets;
}

function has(options: unknown, name: string): boolean {
  const value = (options as Record<string, unknown> | null | undefined)?.[name];
  return value !== undefined && value !== null;
}
