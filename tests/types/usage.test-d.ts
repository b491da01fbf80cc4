/**
 * How the public types are used. Nothing here is run: `tsc --noEmit` is the test, and a line after
 * `@ts-expect-error` that compiles fails it.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type {
  BoundCalls,
  ConnectOptions,
  ContainerOptions,
  DoContext,
  ExecErrorDetails,
  ExecOptions,
  ImportedFunctions,
  Inside,
  ListenOptions,
  NetNS,
  Outside,
  RemoteImportedFunctions,
  RemoteNetNS,
  SpawnOptions,
  UdpOptions,
} from "../../mod.ts";
import type { Address } from "../../src/netlink/addr/address.ts";
import type { Link } from "../../src/netlink/link/link.ts";
import type { Route } from "../../src/netlink/route/route.ts";

/** Compiles when both types are the same. */
type Same<One, Two> = (<T>() => T extends One ? 1 : 2) extends (<T>() => T extends Two ? 1 : 2)
  ? true
  : false;

function same<One, Two>(..._: Same<One, Two> extends true ? [] : [never]): void {}

/** Compiles when a value has exactly the type that is asked for. */
function is<Wanted>(): <Given>(
  _: Given,
  ...no: Same<Given, Wanted> extends true ? [] : [never]
) => void {
  return () => {};
}

// ---- arguments as they arrive --------------------------------------------------------------------

export async function argumentsAreInferred(ns: NetNS, other: NetNS): Promise<void> {
  is<void>()(
    await ns.do(
      (a, b, ctx) => {
        is<number>()(a);
        is<string>()(b);
        is<DoContext>()(ctx);
      },
      1,
      "x",
    ),
  );
  is<number>()(await ns.do((a: number, b: number) => a + b, 1, 2));
  is<string>()(
    await ns.do(
      async (text: string, { signal }) => text + await Promise.resolve(signal.aborted),
      "x",
    ),
  );
  is<number>()(await ns.do(() => 1));
  is<number[]>()(
    await ns.do(function* () {
      yield 1;
    }),
  );
  is<number>()(await ns.do((list) => list.length, [1, "a"]));
  is<number>()(
    await ns.do(({ host, port = 80 }: { host: string; port?: number }) => host.length + port, {
      host: "h",
    }),
  );
  await ns.do((remote) => is<RemoteNetNS>()(remote), other);
  await ns.do(({ peer, port }) => {
    is<RemoteNetNS>()(peer);
    is<number>()(port);
  }, { peer: other, port: 1 });
  await ns.do(([one, { two }]) => {
    is<RemoteNetNS>()(one);
    is<RemoteNetNS>()(two);
  }, [ns, { two: other }] as const);
  await ns.do((list) => list.map((one) => is<RemoteNetNS>()(one)), [ns, other]);
  await ns.do(
    (map, set) => {
      is<Map<string, RemoteNetNS>>()(map);
      is<Set<RemoteNetNS>>()(set);
    },
    new Map([["a", ns]]),
    new Set([ns]),
  );
  await ns.do((peers: Record<string, RemoteNetNS>) => peers["a"]?.pids(), { a: other });
  await ns.do(async ({ peer }: { peer: RemoteNetNS }) => await peer.pids(), { peer: other });
  await ns.with({ timeout: 5 }).do(({ peer }) => is<RemoteNetNS>()(peer), { peer: other });

  // @ts-expect-error: it arrives as a RemoteNetNS, which has no doSync().
  await ns.do(({ peer }) => peer.doSync(() => 1), { peer: other });
  // @ts-expect-error: the same, said by the function.
  await ns.do(({ peer }: { peer: NetNS }) => peer.inode, { peer: other });
  // @ts-expect-error: the same, in a map.
  await ns.do((map: Map<string, NetNS>) => map.size, new Map([["a", other]]));
  // @ts-expect-error: an argument is missing.
  await ns.do((a: number, b: number) => a + b, 1);
  // @ts-expect-error: without its argument, the optional parameter gets the context.
  await ns.do((a: number, b: number = 2) => a + b, 1);
  // @ts-expect-error: the rest gets the context too.
  await ns.do((...numbers: number[]) => numbers.length, 1, 2);
}

// ---- results as they arrive ----------------------------------------------------------------------

export async function resultsAreHandles(ns: NetNS, other: NetNS): Promise<void> {
  is<NetNS>()(await ns.do((ctx) => ctx.host));
  is<{ h: NetNS; n: number }>()(await ns.do((ctx) => ({ h: ctx.host, n: 1 })));
  is<NetNS[]>()(await ns.do((ctx) => [ctx.host]));
  is<[NetNS, number]>()(await ns.do((ctx): [RemoteNetNS, number] => [ctx.host, 1]));
  is<Map<string, NetNS>>()(await ns.do((ctx) => new Map([["a", ctx.ns]])));
  is<Set<NetNS>>()(await ns.do(async (ctx) => await Promise.resolve(new Set([ctx.ns]))));
  is<NetNS[]>()(
    await ns.do(function* (ctx) {
      yield ctx.host;
    }),
  );
  is<NetNS | undefined>()(await ns.do((peer, ctx) => ctx.signal.aborted ? peer : undefined, other));
  is<{ peer: NetNS }>()(await ns.do((box) => box, { peer: other }));
  const { h } = await ns.do((ctx) => ({ h: ctx.host }));
  h.doSync(() => 1);
}

export function whatIsCalledInsideStaysInside(ns: NetNS): Promise<unknown> {
  return ns.do(async (ctx) => {
    const remote = await ctx.host.do((inner) => inner.ns);
    is<RemoteNetNS>()(remote);
    is<{ ns: RemoteNetNS }>()(await ctx.ns.with({ timeout: 5 }).do((inner) => ({ ns: inner.ns })));
    is<number>()(await ctx.host.do((peer, n) => is<RemoteNetNS>()(peer) ?? n, remote, 1) ?? 1);
    // @ts-expect-error: there is no NetNS inside.
    remote.doSync(() => 1);
    return (await ctx.host.exec("true")).exitCode;
  });
}

// ---- what has no handles in it stays what it is --------------------------------------------------

interface Tree {
  handle?: NetNS;
  children: Tree[];
  parent: Tree | undefined;
}

interface RemoteTree {
  handle?: RemoteNetNS;
  children: RemoteTree[];
  parent: RemoteTree | undefined;
}

declare class Endpoint {
  readonly #host: string;
  url(): string;
}

type Brand = string & { readonly brand: unique symbol };
type Event = { type: "up"; ns: NetNS } | { type: "down" } | null;
type Optional = { readonly ns?: NetNS; peers?: readonly NetNS[] | undefined };

export function mappings(tree: Inside<Tree>): void {
  same<Inside<unknown>, unknown>();
  // deno-lint-ignore no-explicit-any -- what `any` becomes is tested.
  type Any = any;
  same<Inside<Any>, Any>();
  same<Inside<never>, never>();
  same<Inside<object>, object>();
  same<Inside<void>, void>();
  same<Inside<Brand>, Brand>();
  same<Inside<"a" | 1 | undefined>, "a" | 1 | undefined>();
  same<Inside<Date>, Date>();
  same<Inside<RegExp>, RegExp>();
  same<Inside<Buffer>, Buffer>();
  same<Inside<Uint8Array>, Uint8Array>();
  same<Inside<SharedArrayBuffer>, SharedArrayBuffer>();
  same<Inside<TypeError>, TypeError>();
  same<Inside<Endpoint>, Endpoint>();
  same<Inside<() => NetNS>, () => NetNS>();
  same<Inside<RemoteNetNS>, RemoteNetNS>();
  same<Inside<Record<string, unknown>>, Record<string, unknown>>();
  same<Inside<{ any: Any; ns: NetNS }>, { any: Any; ns: RemoteNetNS }>();
  same<Inside<ReadonlyMap<NetNS, unknown>>, Map<RemoteNetNS, unknown>>();
  same<
    Inside<[a: NetNS, b?: NetNS, ...rest: NetNS[]]>,
    [a: RemoteNetNS, b?: RemoteNetNS, ...rest: RemoteNetNS[]]
  >();
  same<Inside<Event>, { type: "up"; ns: RemoteNetNS } | { type: "down" } | null>();
  same<
    Inside<Optional>,
    { readonly ns?: RemoteNetNS; peers?: readonly RemoteNetNS[] | undefined }
  >();
  same<Outside<Inside<Optional>>, Optional>();
  const remote: RemoteTree = tree;
  const back: Tree = {} as Outside<RemoteTree>;
  void [remote, back];
}

// ---- imported functions --------------------------------------------------------------------------

interface Task {
  run(a: number, peer: RemoteNetNS): { peer: RemoteNetNS };
  peers(all: { list: RemoteNetNS[] }): Promise<Map<string, RemoteNetNS>>;
  withContext(a: number, ctx: DoContext): AbortSignal["aborted"];
  contextOnly(ctx: DoContext): Promise<RemoteNetNS>;
  optionalContext(a: number, ctx?: DoContext): number;
  plain(text: string, options?: { host: string }): Generator<number>;
  rest(...numbers: number[]): number;
  none(): void;
  loose(value: unknown): unknown;
  readonly version: string;
}

export function importedFunctions(
  task: ImportedFunctions<Task>,
  ns: NetNS,
): void {
  is<Promise<{ peer: NetNS }>>()(task.run(1, ns));
  is<Promise<Map<string, NetNS>>>()(task.peers({ list: [ns] }));
  is<Promise<number>>()(task.optionalContext(1));
  is<Promise<number[]>>()(task.plain("a"));
  is<Promise<number[]>>()(task.plain("a", { host: "h" }));
  is<Promise<number>>()(task.rest(1, 2));
  is<Promise<void>>()(task.none());
  is<Promise<unknown>>()(task.loose(1));
  // @ts-expect-error: functions of modules are given no context.
  task.withContext(1);
  // @ts-expect-error: nor is it there when it is all that they take.
  task.contextOnly();
  // @ts-expect-error: it is no function.
  void task.version;
}

export async function importedInside(
  task: RemoteImportedFunctions<Task>,
  ctx: DoContext,
): Promise<void> {
  is<{ peer: RemoteNetNS }>()(await task.run(1, ctx.ns));
  // @ts-expect-error: functions of modules are given no context.
  await task.withContext(1);
  is<boolean>()(await task.withContext(1, ctx));
  const same = await ctx.host.import<Task>("data:text/javascript,");
  is<RemoteNetNS>()(await same.contextOnly(ctx));
}

export async function remoteHandles({ host }: DoContext): Promise<void> {
  is<string>()(await host.sysctl.get("net.ipv4.ip_forward"));
  is<void>()(await host.sysctl.set("net.ipv4.ip_forward", true));
  is<string>()(await host.readProcNet("dev"));
  is<void>()(await host[Symbol.asyncDispose]());
}

// ---- doSync --------------------------------------------------------------------------------------

export function synchronous(ns: NetNS): void {
  is<number>()(ns.doSync(() => 1));
  is<string>()(ns.doSync(() => "text"));
  is<{ a: number }>()(ns.doSync(() => ({ a: 1 })));
  is<NetNS>()(ns.doSync((home) => home));
  is<void>()(ns.doSync(() => {}));
  is<unknown>()(ns.doSync((): unknown => 1));
  ns.doSync((): number => {
    throw new Error();
  });
  // @ts-expect-error: what follows the first await runs outside.
  ns.doSync(async () => await Promise.resolve(1));
  // @ts-expect-error: so does what a promise does.
  ns.doSync(() => Promise.resolve(1));
  // @ts-expect-error: or may do.
  ns.doSync((home) => home.closed ? Promise.resolve(1) : 1);
}

// ---- options -------------------------------------------------------------------------------------

export const undefinedOptions: [
  ExecOptions,
  ConnectOptions,
  ListenOptions,
  UdpOptions,
  SpawnOptions,
  ContainerOptions,
] = [
  {
    cwd: undefined,
    env: undefined,
    input: undefined,
    encoding: undefined,
    signal: undefined,
    timeout: undefined,
    killSignal: undefined,
  },
  { port: undefined, host: undefined, path: undefined, signal: undefined, timeout: undefined },
  { port: undefined, host: undefined, path: undefined, backlog: undefined, ipv6Only: undefined },
  { type: "udp4", port: undefined, host: undefined },
  { cwd: undefined, env: undefined, stdio: undefined, signal: undefined, detached: undefined },
  { engine: undefined, socketPath: undefined, signal: undefined },
];

// ---- processes -----------------------------------------------------------------------------------

export async function output(
  ns: NetNS | BoundCalls | RemoteNetNS,
  encoding: "utf8" | "buffer",
  options: ExecOptions,
): Promise<void> {
  is<string>()((await ns.exec("true")).stdout);
  is<string>()((await ns.exec("true", [], { encoding: "utf8" })).stdout);
  is<string>()((await ns.exec("true", [], { encoding: undefined })).stdout);
  is<Uint8Array>()((await ns.exec("true", [], { encoding: "buffer" })).stdout);
  is<string | Uint8Array>()((await ns.exec("true", [], { encoding })).stdout);
  is<string | Uint8Array>()((await ns.exec("true", [], options)).stdout);
}

export async function monitors(ns: NetNS, remote: RemoteNetNS): Promise<void> {
  for await (const event of ns.monitor({ groups: ["link", "addr"] })) {
    is<"link" | "addr" | undefined>()(event.group);
    if (event.type === "overrun") continue;
    is<"new" | "del">()(event.type);
    if (event.group === "link") is<Link>()(event.link);
    else is<Address>()(event.addr);
  }
  for await (const event of remote.monitor()) if (event.group === "route") is<Route>()(event.route);
  // @ts-expect-error: there is no such group.
  ns.monitor({ groups: ["linc"] });
}

export function children(ns: NetNS, options: SpawnOptions): void {
  const piped = ns.spawn("true");
  is<Writable>()(piped.stdin);
  is<Readable>()(piped.stdout);
  is<Readable>()(ns.spawn("true", [], { cwd: "/", stdio: "pipe" }).stderr);
  const mixed = ns.spawn("true", [], { stdio: ["ignore", "pipe", "inherit"] });
  is<null>()(mixed.stdin);
  is<Readable>()(mixed.stdout);
  is<null>()(mixed.stderr);
  is<Readable | null>()(ns.spawn("true", [], { stdio: "ignore" }).stdout);
  is<Readable | null>()(ns.spawn("true", [], { stdio: ["pipe", "pipe", "pipe", "ipc"] }).stdout);
  is<ChildProcess>()(ns.spawn("true", [], options));
  const child: ChildProcess = mixed;
  void child;
}

export const details: ExecErrorDetails<string> = {
  stdout: "",
  stderr: "",
  exitCode: 1,
  signal: null,
  durationMs: 1,
  command: "false",
  args: [],
  timedOut: false,
  code: "ERR_NETNS_EXEC_FAILED",
};
