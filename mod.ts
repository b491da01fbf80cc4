/**
 * Linux network namespaces as handles: `ns.do(fn)` runs `fn` inside, and nothing that it does, a
 * connection, a name look-up, a child process or a thread, escapes to another namespace.
 *
 * Runs on Node 20 and later, Deno 2 and Bun 1.4 and later. Requires Linux, `CAP_SYS_ADMIN`, and in
 * Deno `--allow-ffi`.
 *
 * @example
 * ```ts
 * import { NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create();
 * const answer = await ns.do(async () => {
 *   const { createServer } = await import("node:http");
 *   const server = createServer((_, response) => response.end("hello from inside"));
 *   await new Promise<void>((resolve) => server.listen(8080, "127.0.0.1", resolve));
 *   return await (await fetch("http://127.0.0.1:8080/")).text();
 * });
 * await ns.close();
 * assert.equal(answer, "hello from inside");
 * ```
 *
 * @module
 */

export {
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
} from "./ffi/constants.ts";
export type { FoundNamespace } from "./src/all_namespaces.ts";
export type { Inside, InsideAll, Outside, OutsideAll } from "./src/arrival.ts";
export type { AuditedThread } from "./src/audit.ts";
export type { ContainerOptions } from "./src/container.ts";
export type { DnsOptions } from "./src/dns/options.ts";
export {
  isNetNSError,
  NetNSError,
  type NetNSErrorCode,
  type NetNSErrorOptions,
} from "./src/errors.ts";
export type { ExecvpOptions } from "./src/execvp.ts";
export { ExecError, type ExecErrorDetails, type ExecOptions, type ExecResult } from "./src/exec.ts";
export type { HandleOptions } from "./src/handle_options.ts";
export type { NamedNamespace } from "./src/named.ts";
export {
  type CloseOptions,
  type CreateOptions,
  type DeleteOptions,
  type DirectoryOptions,
  type FromContainerOptions,
  type FromNameOptions,
  type ListOptions,
  NetNS,
  type PidsOptions,
  type PruneOptions,
  type WatchOptions,
} from "./src/netns.ts";
export { NetNSPool, type PoolOptions } from "./src/pool.ts";
export type { PrunedName } from "./src/prune.ts";
export type {
  BoundCalls,
  BoundNetNS,
  DoContext,
  DoFunction,
  ImportedFunctions,
  RemoteCalls,
  RemoteImportedFunctions,
  RemoteNetNS,
  WithOptions,
} from "./src/remote.ts";
export type { ConnectOptions } from "./src/sockets/connect.ts";
export type { ListenOptions } from "./src/sockets/listen.ts";
export type { UdpOptions } from "./src/sockets/udp.ts";
export type {
  ChildProcessWithStdio,
  SpawnOptions,
  SpawnOptionsWithoutStdio,
  SpawnOptionsWithStdio,
  Stdio,
} from "./src/spawn.ts";
export type * from "./src/netlink/types.ts";
export { Sysctl } from "./src/sysctl.ts";
export { setns } from "./src/setns.ts";
export { isSupported, type Support } from "./src/support.ts";
export type { NameEvent } from "./src/watch/name_watcher.ts";
export type { DoResult, Settled } from "./src/thread/types.ts";
