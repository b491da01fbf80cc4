/**
 * The handle to a network namespace.
 *
 * @module
 */

import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket as UdpSocket } from "node:dgram";
import type { Server, Socket } from "node:net";
import type { Outside } from "./arrival.ts";
import { audit, type AuditedThread } from "./audit.ts";
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkOptions,
  checkSignal,
  checkTimeout,
  wrongHandle,
  wrongType,
} from "./check.ts";
import { type ContainerOptions, openContainer } from "./container.ts";
import { createAnonymous } from "./create.ts";
import { type FoundNamespace, listAll } from "./all_namespaces.ts";
import { auditAfterCall } from "./debug.ts";
import { isThenable, refuseDeferred } from "./deferred.ts";
import { nameConfiguration } from "./dns/configuration.ts";
import { isNetNSError, NetNSError } from "./errors.ts";
import { execInside, type ExecOptions, type ExecResult } from "./exec.ts";
import {
  createNamed,
  deleteNamed,
  identify,
  listNamed,
  type NamedNamespace,
  openNamed,
  pinNamespace,
} from "./named.ts";
import { execvpInside, type ExecvpOptions } from "./execvp.ts";
import { HandleNetlink } from "./handle_netlink.ts";
import { fetchInside } from "./fetch.ts";
import { Uploads } from "./fetch/uploads.ts";
import { directory, nameInEtc } from "./named_directory.ts";
import type { Namespace } from "./namespace.ts";
import { checkHandleOptions, type HandleOptions } from "./handle_options.ts";
import { deleteLeftoverLinks } from "./leftover_links.ts";
import { cookie, idOf } from "./namespace_id.ts";
import type { DisposableIterator } from "./disposable_iterator.ts";
import type { Addresses } from "./netlink/addr/addresses.ts";
import type { Fdb } from "./netlink/fdb/fdb.ts";
import type { Links } from "./netlink/link/links.ts";
import type {
  MonitorEvent,
  MonitorGroup,
  MonitorOptions,
} from "./netlink/monitor/monitor_event.ts";
import type { Neighbours } from "./netlink/neigh/neighbours.ts";
import type { Nsids } from "./netlink/nsid/nsids.ts";
import type { Routes } from "./netlink/route/routes.ts";
import type { Rules } from "./netlink/rule/rules.ts";
import type { Filters } from "./netlink/tc/filters.ts";
import type { Qdiscs } from "./netlink/tc/qdiscs.ts";
import type { TrafficClasses } from "./netlink/tc/traffic_classes.ts";
import { getNsid, setNsid } from "./nsid.ts";
import { assertNetNS, isNetNS, openFd, openPath, openPid, openSocket, openThread } from "./open.ts";
import { pidsOf } from "./pids.ts";
import { NetNSPool, type PoolOptions } from "./pool.ts";
import { type PrunedName, prunedOrThrow, pruneNames } from "./prune.ts";
import { readProcNet } from "./proc_net.ts";
import { here, home, inside, insideEach, move, openCurrent } from "./position.ts";
import { netlinkMethod, type NetlinkQuestion } from "./remote_netlink_call.ts";
import { RemoteIterators } from "./remote_iterators.ts";
import type { BoundNetNS, DoFunction, ImportedFunctions, WithOptions } from "./remote.ts";
import { connectInside, type ConnectOptions } from "./sockets/connect.ts";
import { listenInside, type ListenOptions } from "./sockets/listen.ts";
import { udpInside, type UdpOptions } from "./sockets/udp.ts";
import {
  type ChildProcessWithStdio,
  spawnInside,
  type SpawnOptions,
  type SpawnOptionsWithoutStdio,
  type SpawnOptionsWithStdio,
  type Stdio,
} from "./spawn.ts";
import { Sysctl } from "./sysctl.ts";
import { HandleThreads } from "./thread/handle_threads.ts";
import { type Describe, HandleTable } from "./thread/handle_table.ts";
import type { Callee, RemoteRequest } from "./thread/protocol.ts";
import { functionSource } from "./thread/source.ts";
import type { CallOptions, NamespaceThread } from "./thread/thread.ts";
import type { DoResult, Settled } from "./thread/types.ts";
import type { NameEvent } from "./watch/name_watcher.ts";
import { watchNames } from "./watch/watch_names.ts";

/** Where names of namespaces are kept. */
export interface DirectoryOptions {
  /** The directory of the names. @default {"/run/netns"} */
  dir?: string | undefined;
}

/** Options of {@linkcode NetNS.create}. */
export interface CreateOptions extends DirectoryOptions, HandleOptions {
  /** Gives the namespace a name, as `ip netns add` does; it then outlives the process. */
  name?: string | undefined;
  /** Whether the interface `lo` is brought up. @default {true} */
  loopback?: boolean | undefined;
  /** What to do when the name exists: fail with `EEXIST`, open it, or replace it. @default {"fail"} */
  exist?: "fail" | "open" | "replace" | undefined;
  /**
   * Whether the name is this process's own: once the handle is closed, or the process has ended in
   * whatever way, {@linkcode NetNS.prune} removes it. A name that was only opened is not owned.
   *
   * @default {false}
   */
  owner?: boolean | undefined;
}

/** Options of {@linkcode NetNS.fromName}. */
export interface FromNameOptions extends DirectoryOptions, HandleOptions {}

/** Options of {@linkcode NetNS.fromContainer}. */
export interface FromContainerOptions extends ContainerOptions, HandleOptions {}

/** Options of {@linkcode NetNS.delete}. */
export interface DeleteOptions extends DirectoryOptions {
  /** Whether a missing name is no error. @default {false} */
  ifExists?: boolean | undefined;
}

/** Options of {@linkcode NetNS.list}. */
export interface ListOptions extends DirectoryOptions {
  /**
   * Whether namespaces without a name are listed too: those of any thread, open descriptor and
   * mount that the process may see. One that only a socket, or a mount in another mount namespace,
   * keeps alive is not found.
   *
   * @default {false}
   */
  all?: boolean | undefined;
}

/** Options of {@linkcode NetNS.watch}. */
export interface WatchOptions extends DirectoryOptions {
  /** Ends the iteration. */
  signal?: AbortSignal | undefined;
}

/** Options of {@linkcode NetNS.prune}. */
export interface PruneOptions extends DirectoryOptions {
  /** Only tells which names would be removed. @default {false} */
  dryRun?: boolean | undefined;
}

/** Options of {@linkcode NetNS.close}. */
export interface CloseOptions {
  /** Rejects the calls that are running rather than waiting for them. @default {false} */
  force?: boolean | undefined;
}

/** Options of {@linkcode NetNS.pids}. */
export interface PidsOptions {
  /** Gives thread ids rather than process ids. @default {false} */
  threads?: boolean | undefined;
}

let isHandle: (value: object) => value is NetNS;
let describe: Describe<NetNS>;

/** The handle of each namespace that has one. */
const handleOf = new WeakMap<Namespace, NetNS>();

/**
 * A handle to a network namespace. Everything that it does in the namespace happens on a thread of
 * its own, or between two `setns(2)` on the calling thread; the caller is never left elsewhere.
 *
 * Making and entering namespaces requires `CAP_SYS_ADMIN` and, in Deno, `--allow-ffi`.
 *
 * @example
 * ```ts
 * import { NetNS } from "@netns/netns";
 * import assert from "node:assert/strict";
 *
 * const ns = NetNS.create();
 * const names = await ns.do(async () => {
 *   const { networkInterfaces } = await import("node:os");
 *   return Object.keys(networkInterfaces());
 * });
 * await ns.close();
 * assert.deepEqual(names, ["lo"]);
 * ```
 */
export class NetNS {
  readonly #namespace: Namespace;
  readonly #ownsNamespace: boolean;
  readonly #threads: HandleThreads;
  readonly #uploads: Uploads = new Uploads();
  #sysctl: Sysctl | undefined;
  #netlink: HandleNetlink | undefined;
  #isAnonymous = false;
  #closed = false;
  #closing: Promise<void> | undefined;

  private constructor(
    namespace: Namespace,
    { dns, threadIdleMs }: HandleOptions = {},
    ownsNamespace = true,
  ) {
    if (typeof namespace?.hold !== "function") {
      throw new TypeError("NetNS has no public constructor: use NetNS.create() or NetNS.from...()");
    }
    this.#namespace = namespace;
    this.#ownsNamespace = ownsNamespace;
    this.#threads = new HandleThreads(namespace, () => {
      const handles = new HandleTable(isHandle, describe);
      const iterators = new RemoteIterators();
      return {
        self: handles.describe(this),
        handles,
        names: nameConfiguration(nameInEtc(namespace), dns),
        idleMs: threadIdleMs,
        carryOut: (request, args, signal) =>
          this.#carryOut(handles.decode(request.handle), request, args, signal, iterators),
        threadEnded: () => iterators.endAll(),
      };
    });
    handleOf.set(namespace, this);
  }

  /** The namespace, for use; throws when the handle is closed. */
  get #open(): Namespace {
    if (this.#closed) throw this.#namespace.closedError();
    home(); // Refuses when nobody knows where this thread is.
    return this.#namespace;
  }

  /** The thread that runs calls; throws when the handle is closed. */
  get #thread(): NamespaceThread {
    void this.#open;
    return this.#threads.running;
  }

  /** Opens a namespace, unless nobody knows where this thread is. */
  static #opened(open: () => Namespace, options?: HandleOptions): NetNS {
    home();
    return new NetNS(open(), options);
  }

  /** The handle that is shared by all who ask where the calling thread is. */
  static #shared(namespace: Namespace): NetNS {
    return handleOf.get(namespace) ?? new NetNS(namespace, undefined, false);
  }

  // ---- obtaining a handle ----------------------------------------------------------------------

  /**
   * Creates a network namespace. The calling thread is not moved.
   *
   * Without a name it lives as long as a handle, a thread or a process is in it. A new namespace
   * may hold more than `lo`: tunnel modules that are loaded add their devices.
   * Requires `CAP_SYS_ADMIN`.
   *
   * @param options Name, loopback, what to do when the name exists, how names are resolved.
   * @returns The handle; close it.
   * @throws {NetNSError} `EEXIST` when the name exists, `ERR_NETNS_NAME_INVALID`, `EPERM`,
   * `EMFILE`, `ENOSPC` when user.max_net_namespaces is reached. Nothing is left behind then.
   * @see {@link https://man7.org/linux/man-pages/man7/network_namespaces.7.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.close();
   * ```
   */
  static create(options: CreateOptions = {}): NetNS {
    const handle = checkHandleOptions(options, ["name", "dir", "loopback", "exist", "owner"]);
    checkBoolean("options.loopback", options.loopback);
    checkBoolean("options.owner", options.owner);
    checkChoice("options.exist", options.exist, ["fail", "open", "replace"]);
    const { name, dir, loopback = true, exist = "fail", owner = false } = options;
    if (name !== undefined) {
      return new NetNS(createNamed(name, { dir, loopback, exist, owner }), handle);
    }
    for (const needsName of ["dir", "exist", "owner"] as const) {
      if (options[needsName] !== undefined) {
        throw new TypeError(`options.${needsName} needs options.name: it is undefined`);
      }
    }
    const ns = new NetNS(createAnonymous({ loopback }), handle);
    ns.#isAnonymous = true;
    return ns;
  }

  /**
   * Keeps namespaces ready, as making one takes long beside taking one: see {@linkcode NetNSPool}.
   *
   * They are made by the calling thread, in turns of its event loop. Requires `CAP_SYS_ADMIN`.
   *
   * @param options How many, and what {@linkcode NetNS.create} takes for one without a name.
   * @returns The pool; close it.
   * @throws {RangeError} When `size` is below 1 or above 10000.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const pool = NetNS.pool({ size: 4, loopback: false });
   * const [one, two] = [pool.take(), pool.take()];
   * assert.ok(!one.equals(two));
   * await Promise.all([one.close(), two.close(), pool.close()]);
   * ```
   */
  static pool(options: PoolOptions): NetNSPool {
    const handle = checkHandleOptions(options, ["size", "loopback"]);
    const size = checkInteger("options.size", options?.size, 1, 10_000);
    checkBoolean("options.loopback", options.loopback);
    const { loopback } = options;
    home();
    return new NetNSPool(() => NetNS.create({ ...handle, loopback }), size);
  }

  /**
   * Runs a synchronous function in each of several namespaces, in order, on the calling thread.
   *
   * As {@linkcode NetNS.doSync} for each, but the thread goes from one to the next without a way
   * back between them. When the function throws, those after it are left out. Requires
   * `CAP_SYS_ADMIN`.
   *
   * @param handles The namespaces.
   * @param fn Called with each handle, on a thread that is inside, and with its place.
   * @returns What the function returned for each.
   * @throws {NetNSError} As {@linkcode NetNS.doSync}. The thread is brought back before.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   * import { networkInterfaces } from "node:os";
   *
   * const handles = [NetNS.create(), NetNS.create({ loopback: false })];
   * const names = NetNS.each(handles, () => Object.keys(networkInterfaces()));
   * await Promise.all(handles.map((ns) => ns.close()));
   * assert.deepEqual(names, [["lo"], []]);
   * ```
   */
  static each<Result>(
    handles: Iterable<NetNS>,
    fn: (ns: NetNS, index: number) => Settled<Result>,
  ): Result[] {
    if (typeof fn !== "function") throw wrongType("fn", "a function", fn);
    refuseDeferred(fn);
    const list = [...handles];
    const namespaces = list.map((ns, index) => {
      if (!(ns instanceof NetNS)) throw wrongHandle(`handles[${index}]`, "a NetNS", ns);
      return ns.#open;
    });
    const results: Result[] = [];
    insideEach(namespaces, (index) => {
      const result = fn(list[index]!, index);
      if (isThenable(result)) throw asyncInSync(result);
      results.push(result as Result);
    });
    auditAfterCall("each");
    return results;
  }

  /**
   * Opens the network namespace of the calling thread.
   *
   * @returns A handle of its own; close it.
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` where there is no FFI; `EMFILE`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const current = NetNS.current();
   * assert.ok(current.equals(NetNS.home()));
   * await current.close();
   * ```
   */
  static current(): NetNS {
    return NetNS.#opened(openCurrent);
  }

  /**
   * The network namespace in which the library was first used on this thread.
   *
   * Each Worker has a home of its own. A thread begins where the one that starts it is: the home of a
   * Worker that was started after {@linkcode set} is that namespace, and so is that of the library
   * where a function imports it inside; `ctx.host` is the caller's.
   *
   * @returns One handle for all callers. Closing it ends its thread and leaves it usable: the
   * library itself needs it to the end of the process.
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` where there is no FFI.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.equal(NetNS.home(), NetNS.home());
   * ```
   */
  static home(): NetNS {
    return NetNS.#shared(home());
  }

  /**
   * Opens a named network namespace, whoever made it: `ip netns add` or this library.
   *
   * @param name The name, without its directory.
   * @param options Another directory than /run/netns; how names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, `ERR_NETNS_NOT_A_NAMESPACE` for a stale name,
   * `ERR_NETNS_NAME_INVALID`, `EACCES`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.throws(() => NetNS.fromName("no-such-name"), { code: "ERR_NETNS_NOT_FOUND" });
   * ```
   */
  static fromName(name: string, options: FromNameOptions = {}): NetNS {
    const handle = checkHandleOptions(options, ["dir"]);
    return NetNS.#opened(() => openNamed(name, options), handle);
  }

  /**
   * Opens a network namespace by a file: /proc/PID/ns/net, /run/netns/NAME, /proc/PID/fd/N.
   *
   * @param path The file.
   * @param options How names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, `ERR_NETNS_NOT_A_NAMESPACE`,
   * `ERR_NETNS_WRONG_KIND` for a namespace of another kind, `EACCES`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.fromPath("/proc/self/ns/net");
   * await ns.close();
   * ```
   */
  static fromPath(path: string, options: HandleOptions = {}): NetNS {
    const handle = checkHandleOptions(options);
    return NetNS.#opened(() => openPath(path), handle);
  }

  /**
   * Opens the network namespace of a process: that of its main thread.
   *
   * A pid that the kernel gives to another process meanwhile is noticed, by pidfd_open(2), from
   * Linux 5.3 on. Requires the right to inspect the process (ptrace(2), `PTRACE_MODE_READ`).
   *
   * @param pid The process id.
   * @param options How names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND` when there is no such process; `EACCES`, `EPERM`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import process from "node:process";
   *
   * const ns = NetNS.fromPid(process.pid);
   * await ns.close();
   * ```
   */
  static fromPid(pid: number, options: HandleOptions = {}): NetNS {
    const handle = checkHandleOptions(options);
    return NetNS.#opened(() => openPid(pid), handle);
  }

  /**
   * Opens the network namespace of one thread of a process.
   *
   * @param pid The process id.
   * @param tid The thread id, as in /proc/PID/task.
   * @param options How names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND` when there is no such thread in the process;
   * `EACCES`, `EPERM`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import process from "node:process";
   *
   * const ns = NetNS.fromThread(process.pid, process.pid);
   * await ns.close();
   * ```
   */
  static fromThread(pid: number, tid: number, options: HandleOptions = {}): NetNS {
    const handle = checkHandleOptions(options);
    return NetNS.#opened(() => openThread(pid, tid), handle);
  }

  /**
   * Opens the network namespace that a socket belongs to, by `SIOCGSKNS`.
   *
   * Requires `CAP_NET_ADMIN` in the namespace.
   *
   * @param fd The descriptor of the socket; it stays the caller's.
   * @param options How names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `EBADF`, `ENOTTY` when it is no socket, `EPERM`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.throws(() => NetNS.fromSocket(-1), RangeError);
   * ```
   */
  static fromSocket(fd: number, options: HandleOptions = {}): NetNS {
    const handle = checkHandleOptions(options);
    return NetNS.#opened(() => openSocket(fd), handle);
  }

  /**
   * Makes a handle of an open descriptor of a network namespace.
   *
   * @param fd The descriptor; it is duplicated and stays the caller's.
   * @param options How names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `EBADF`, `ERR_NETNS_NOT_A_NAMESPACE`, `ERR_NETNS_WRONG_KIND`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.fromFd(NetNS.home().fd);
   * await ns.close();
   * ```
   */
  static fromFd(fd: number, options: HandleOptions = {}): NetNS {
    const handle = checkHandleOptions(options);
    return NetNS.#opened(() => openFd(fd), handle);
  }

  /**
   * Opens the network namespace of a running container.
   *
   * The engine (docker, podman) is asked over its socket; without one, or for another engine, the
   * id is looked for in the cgroups of all processes.
   *
   * @param id A name that the engine knows, or an id; ids may be shortened.
   * @param options Which engine to ask; how names are resolved inside.
   * @returns The handle; close it.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, with what was tried in the message: there is no
   * such container, or more than one, or it is not running; `EACCES`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * await assert.rejects(NetNS.fromContainer("no-such-container"), { name: "NetNSError" });
   * ```
   */
  static async fromContainer(id: string, options: FromContainerOptions = {}): Promise<NetNS> {
    home();
    if (typeof options !== "object" || options === null) {
      return new NetNS(await openContainer(id, options));
    }
    const { dns, threadIdleMs, ...search } = options;
    const handle = checkHandleOptions({ dns, threadIdleMs });
    return new NetNS(await openContainer(id, search), handle);
  }

  /**
   * Tells whether a path is an open network namespace: CNI's `IsNSorErr`.
   *
   * @param path The file.
   * @returns Whether it can be opened and is one.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.equal(NetNS.isNetNS("/proc/self/ns/net"), true);
   * assert.equal(NetNS.isNetNS("/proc/self/ns/uts"), false);
   * ```
   */
  static isNetNS(path: string): boolean {
    home();
    return isNetNS(path);
  }

  /**
   * Throws unless a path is a network namespace.
   *
   * @param path The file.
   * @throws {NetNSError} As {@linkcode NetNS.fromPath}.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * NetNS.assertNetNS("/proc/self/ns/net");
   * ```
   */
  static assertNetNS(path: string): void {
    home();
    assertNetNS(path);
  }

  // ---- named namespaces ------------------------------------------------------------------------

  /**
   * Lists the named network namespaces, those of `ip netns` among them, sorted by name; with `all`
   * also those without a name.
   *
   * With `all` it reads /proc of every thread, which takes some 10 us a thread. A name that is no
   * UTF-8, which `ip netns` can make, is left out: no function here could take it.
   *
   * @param options Another directory than /run/netns, whether to list all.
   * @returns What is there; nothing when there is no such directory. A namespace without a name has
   * a path by which it can be opened as long as its user lives.
   * @throws {NetNSError} `EACCES` when the directory cannot be read.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * for (const { name, inode } of NetNS.list()) console.log(name, inode);
   * ```
   */
  static list(options: ListOptions & { all: true }): FoundNamespace[];
  static list(options?: ListOptions & { all?: false | undefined }): NamedNamespace[];
  static list(options?: ListOptions): FoundNamespace[];
  static list(options: ListOptions = {}): FoundNamespace[] {
    checkOptions("options", options, ["dir", "all"]);
    checkBoolean("options.all", options.all);
    home();
    return options.all ? listAll(options) : listNamed(options);
  }

  /**
   * Watches names come and go, whoever adds and deletes them.
   *
   * It listens from the call on: a name is either in a list made afterwards, or told. A name is
   * told once it can be used, which is some ms after its file is there. The directory may be
   * missing, and may come and go; a file system that is mounted over it later is not noticed. The
   * process stays alive while an event is waited for, and what nobody asks for waits in the kernel.
   * To end it, leave the loop or abort the signal.
   *
   * @param options Another directory than /run/netns, a signal.
   * @returns An iterator over events; it ends when the signal is aborted.
   * @throws {NetNSError} `EACCES` when the directory cannot be read, `EMFILE`.
   * @see {@link https://man7.org/linux/man-pages/man7/inotify.7.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   * import process from "node:process";
   *
   * const name = `watched-${process.pid}`;
   * const events = NetNS.watch();
   * const ns = NetNS.create({ name });
   * for await (const event of events) {
   *   if (event.name !== name) continue;
   *   assert.equal(event.type, "add");
   *   break;
   * }
   * await ns.close();
   * NetNS.delete(name);
   * ```
   */
  static watch(options: WatchOptions = {}): AsyncIterableIterator<NameEvent> {
    checkOptions("options", options, ["dir", "signal"]);
    checkSignal("options.signal", options.signal);
    home();
    return watchNames(directory(options.dir), options.signal);
  }

  /**
   * Deletes the name of a network namespace, or a stale file that a crash left behind. Of a symbolic
   * link to a namespace, or to nothing, the link goes, never what it leads to.
   *
   * The namespace itself lives on while a handle, a thread or a process is in it.
   * Requires `CAP_SYS_ADMIN`.
   *
   * @param name The name, without its directory.
   * @param options Another directory; whether a missing name is no error.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`; `ERR_NETNS_NOT_A_NAMESPACE` and
   * `ERR_NETNS_WRONG_KIND` when it is something else, which stays untouched; `EBUSY`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * NetNS.delete("no-such-name", { ifExists: true });
   * ```
   */
  static delete(name: string, options: DeleteOptions = {}): void {
    checkOptions("options", options, ["dir", "ifExists"]);
    checkBoolean("options.ifExists", options.ifExists);
    home();
    deleteNamed(name, options);
  }

  /**
   * Removes the names that nobody needs: those that have no namespace any more, and those whose
   * owner is gone (see `owner` of {@linkcode NetNS.create}). One that cannot be removed does not keep
   * the others; symbolic links stay.
   *
   * What may be something else stays, too: a file without a namespace that is younger than 5 s, as
   * names are just being made; one that is not empty; and with `dir`, one that somebody may write, as
   * `ip netns` and this library make files that nobody may.
   *
   * A namespace that lost its name lives on while a handle, a thread or a process is in it.
   * Requires `CAP_SYS_ADMIN`.
   *
   * @param options Another directory than /run/netns; whether only to tell.
   * @returns The names that were removed, or with `dryRun` would be.
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` where names may be in use that only look stale:
   * in a container that does not see the mounts of the host; `EPERM`, `EBUSY`.
   * @throws {AggregateError} Of these, where several names could not be removed.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * for (const { name, reason } of NetNS.prune({ dryRun: true })) console.log(name, reason);
   * ```
   */
  static prune(options: PruneOptions = {}): PrunedName[] {
    checkOptions("options", options, ["dir", "dryRun"]);
    checkBoolean("options.dryRun", options.dryRun);
    home();
    return prunedOrThrow(pruneNames(options));
  }

  /**
   * Finds the names of the network namespace of a process.
   *
   * @param pid The process id.
   * @param options Another directory than /run/netns.
   * @returns Every name of the namespace; none when it has no name.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND` when there is no such process; `EACCES`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import process from "node:process";
   *
   * console.log(NetNS.identify(process.pid));
   * ```
   */
  static identify(pid: number, options: DirectoryOptions = {}): string[] {
    checkOptions("options", options, ["dir"]);
    home();
    return identify(pid, options);
  }

  // ---- truth about the process -----------------------------------------------------------------

  /**
   * Lists every thread of this process, and flags those that are in a network namespace where no
   * thread of an open handle is.
   *
   * @returns One entry a thread.
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` where there is no FFI.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.deepEqual(NetNS.audit().filter((thread) => thread.stray), []);
   * ```
   */
  static audit(): AuditedThread[] {
    return audit();
  }

  // ---- running inside --------------------------------------------------------------------------

  /**
   * Runs a function inside the namespace, on the handle's own thread.
   *
   * The function is sent as text: it sees its arguments and what it imports itself, no outer
   * variables. Arguments and result are cloned. Calls start in order and run concurrently on one
   * event loop; the thread starts with the first call and stays in the namespace for life.
   * Requires `CAP_SYS_ADMIN` for the first call, which starts the thread.
   *
   * @param fn Called with `args`, then a {@linkcode DoContext}.
   * @param args What the function gets. A handle arrives as a {@linkcode RemoteNetNS}.
   * @returns What the function returns or resolves with; for a generator, what it yields.
   * @throws {NetNSError} `ERR_NETNS_CAPTURED_VARIABLE` when the function uses an outer variable,
   * `ERR_NETNS_UNCLONEABLE` when the function, an argument or the result cannot be sent,
   * `ERR_NETNS_THREAD_EXITED` when the thread dies, `ERR_NETNS_CLOSED`. The function's own errors
   * arrive with their class, message, code and cause.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const sum = await ns.do((a: number, b: number) => a + b, 1, 2);
   * await ns.close();
   * assert.equal(sum, 3);
   * ```
   */
  do<Args extends unknown[], Result>(
    fn: DoFunction<Args, Result>,
    ...args: Args
  ): Promise<Outside<DoResult<Result>>> {
    return this.#do({}, fn, args) as Promise<Outside<DoResult<Result>>>;
  }

  /**
   * Runs a synchronous function on the calling thread while it is in the namespace.
   *
   * Any closure works. What makes its socket, or forks, before it returns does so inside; what
   * the runtime defers (`fetch`, `http.get`, `dgram` in most runtimes) happens outside: use
   * {@linkcode NetNS.do} for that. No thread is started. Requires `CAP_SYS_ADMIN`.
   *
   * @param fn Called with the handle of the namespace that the thread was in before.
   * @returns What the function returns.
   * @throws {NetNSError} `ERR_NETNS_ASYNC_IN_SYNC` for an async or generator function, or a
   * result that is a promise; `EPERM`; `ERR_NETNS_CLOSED`; `ERR_NETNS_RESTORE_FAILED` when the
   * thread cannot be brought back, after which the library refuses to work on this thread.
   * @see {@link https://man7.org/linux/man-pages/man2/setns.2.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   * import { networkInterfaces } from "node:os";
   *
   * const ns = NetNS.create();
   * const names = ns.doSync(() => Object.keys(networkInterfaces()));
   * await ns.close();
   * assert.deepEqual(names, ["lo"]);
   * ```
   */
  doSync<Result>(fn: (home: NetNS) => Settled<Result>): Result {
    if (typeof fn !== "function") throw wrongType("fn", "a function", fn);
    refuseDeferred(fn);
    const result = inside(this.#open, (from) => fn(NetNS.#shared(from)));
    auditAfterCall("doSync");
    if (isThenable(result)) throw asyncInSync(result);
    return result as Result;
  }

  /**
   * Loads a module inside the namespace, on the handle's own thread.
   *
   * Its functions get the arguments of the call as they are given, without a {@linkcode DoContext}
   * after them.
   *
   * @typeParam Module The type of the module: `typeof import("./task.ts")`.
   * @param url The absolute URL of the module.
   * @returns Its exported functions; each runs inside, and returns a promise.
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` when the runtime loads no such module in a
   * thread; `ERR_NETNS_CLOSED`. Errors of the module itself arrive as they are.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const { hostname } = await ns.import<typeof import("node:os")>("node:os");
   * assert.equal(typeof await hostname(), "string");
   * await ns.close();
   * ```
   */
  async import<Module>(url: string | URL): Promise<ImportedFunctions<Module>> {
    return await this.#import({}, url) as ImportedFunctions<Module>;
  }

  /**
   * Binds calls to a signal, a timeout, or objects to transfer.
   *
   * An aborted call rejects at once. A thread that does not yield to the abortion within a second
   * is terminated, which rejects its other calls with `ERR_NETNS_THREAD_EXITED`.
   *
   * @param options What to bind the calls to.
   * @returns `do`, `import`, `exec` and `fetch` as those of the handle.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const never = ns.with({ timeout: 50 }).do(() => new Promise(() => {}));
   * await assert.rejects(never, { name: "TimeoutError" });
   * await ns.close();
   * ```
   */
  with(options: WithOptions): BoundNetNS {
    if (options === undefined) throw wrongType("options", "an object", options);
    checkOptions("options", options, ["signal", "timeout", "transfer"]);
    checkSignal("options.signal", options.signal);
    checkTimeout("options.timeout", options.timeout);
    if (options.transfer !== undefined && !Array.isArray(options.transfer)) {
      throw wrongType("options.transfer", "an array", options.transfer);
    }
    const { signal, timeout } = options;
    const bound = {
      do: async (fn: unknown, ...args: unknown[]) => await this.#do(options, fn, args),
      import: async (url: string | URL) => await this.#import(options, url),
      exec: async (command: string, args: string[] = [], execOptions: ExecOptions = {}) =>
        await this.#exec(command, args, { signal, timeout }, execOptions),
      fetch: async (input: string | URL | Request, init?: RequestInit) =>
        await this.#fetch(input, init, { signal, timeout }),
    };
    return bound as unknown as BoundNetNS;
  }

  /**
   * Moves the calling thread into the namespace for good: Go's `netns.Set`.
   *
   * A sharp tool. Only this thread moves: threads that exist, those of the runtime's pools among
   * them, stay where they are, and so do open sockets. Prefer {@linkcode NetNS.do}. Called inside
   * {@linkcode doSync}, it holds until that returns. Requires `CAP_SYS_ADMIN`.
   *
   * @throws {NetNSError} `EPERM`, `ERR_NETNS_CLOSED`.
   * @see {@link https://man7.org/linux/man-pages/man2/setns.2.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * ns.set();
   * const current = NetNS.current();
   * assert.ok(current.equals(ns));
   * NetNS.home().set();
   * await current.close();
   * await ns.close();
   * ```
   */
  set(): void {
    move(this.#open);
  }

  // ---- processes and sockets -------------------------------------------------------------------

  /**
   * Starts a process inside the namespace, without a shell.
   *
   * In Deno it requires `--allow-run` and `--allow-env` too. Only the network namespace is
   * another one: /sys and /etc are the caller's.
   *
   * @param command The program.
   * @param args Its arguments.
   * @param options As for `child_process.spawn`, but `shell`.
   * @returns The child process, as `child_process.spawn` gives it.
   * @throws {NetNSError} `EPERM`, `ERR_NETNS_CLOSED`. A program that is not found gives the
   * child's `error` event.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import { once } from "node:events";
   *
   * const ns = NetNS.create();
   * await once(ns.spawn("true"), "exit");
   * await ns.close();
   * ```
   */
  spawn(
    command: string,
    args?: readonly string[],
    options?: SpawnOptionsWithoutStdio,
  ): ChildProcessWithoutNullStreams;
  spawn<Stdin extends Stdio, Stdout extends Stdio, Stderr extends Stdio>(
    command: string,
    args: readonly string[] | undefined,
    options: SpawnOptionsWithStdio<Stdin, Stdout, Stderr>,
  ): ChildProcessWithStdio<Stdin, Stdout, Stderr>;
  spawn(
    command: string,
    args: readonly string[] | undefined,
    options: SpawnOptions | undefined,
  ): ChildProcess;
  spawn(command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    return spawnInside(this.#open, command, args, options);
  }

  /**
   * Runs a process inside the namespace to its end, without a shell, and collects its output.
   *
   * In Deno it requires `--allow-run` and `--allow-env` too. Only the network namespace is
   * another one.
   *
   * @param command The program.
   * @param args Its arguments.
   * @param options Input, encoding of the output, working directory, environment, abort.
   * @returns Output and exit code.
   * @throws {ExecError} With the same fields, when the exit code is not 0, a signal ended the
   * program, or it could not be started.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const { stdout } = await ns.exec("cat", ["/proc/net/dev"]);
   * await ns.close();
   * assert.match(stdout, /lo:/);
   * ```
   */
  exec(
    command: string,
    args?: readonly string[],
    options?: ExecOptions & { encoding?: "utf8" | undefined },
  ): Promise<ExecResult<string>>;
  exec(
    command: string,
    args: readonly string[] | undefined,
    options: ExecOptions & { encoding: "buffer" },
  ): Promise<ExecResult<Uint8Array>>;
  exec(
    command: string,
    args: readonly string[] | undefined,
    options: ExecOptions | undefined,
  ): Promise<ExecResult<string | Uint8Array>>;
  async exec(
    command: string,
    args: readonly string[] = [],
    options: ExecOptions = {},
  ): Promise<ExecResult<string> | ExecResult<Uint8Array>> {
    return await this.#exec(command, args, {}, options);
  }

  /**
   * Replaces this process by a program inside the namespace, as `ip netns exec` does: the process
   * id, the terminal and the open standard streams stay, everything else of this process ends at
   * once, without its exit handlers. A file that is neither a binary nor begins with `#!` is run by
   * /bin/sh, as execvp(3) does.
   *
   * The program is in a mount namespace of its own, unless that is turned off, and in no VRF. It has
   * the soft limit of open files that the runtime has raised. Call it in the main thread. In Deno it
   * requires `--allow-env` too, for the environment. Requires `CAP_SYS_ADMIN`.
   *
   * @param command The program; without a slash, it is looked for in the directories of PATH.
   * @param args Its arguments.
   * @param options Environment, mounts, descriptors.
   * @returns Never.
   * @throws {NetNSError} `ENOENT`, `EACCES`, `E2BIG` when the program cannot be started, `EBADF`
   * for a descriptor that is not open, `EPERM`, `ERR_NETNS_CLOSED`. The process goes on where it was
   * then.
   * @see {@link https://man7.org/linux/man-pages/man2/execve.2.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import process from "node:process";
   *
   * const ns = NetNS.create();
   * const program = process.env["PROGRAM_INSIDE"];
   * if (program !== undefined) ns.execvp(program);
   * await ns.close();
   * ```
   */
  execvp(command: string, args?: readonly string[], options?: ExecvpOptions): never {
    return execvpInside(this.#open, command, args, options);
  }

  /**
   * Listens inside the namespace; the calling thread's event loop serves the connections.
   *
   * Servers of node:http, node:https and node:http2 take the connections over by
   * `web.emit("connection", socket)`: see examples/. In Bun serve HTTPS by a `tls.Server` that hands
   * its connections to an `http.Server`; `Bun.serve()` can take over neither sockets nor listeners.
   *
   * @param options Port, address, or abstract unix name.
   * @param onConnection Called with each connection.
   * @returns A `net.Server`, which emits `listening`.
   * @throws {NetNSError} `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import { once } from "node:events";
   *
   * const ns = NetNS.create();
   * const server = ns.listen({ port: 8080 }, (socket) => socket.end("hello"));
   * await once(server, "listening");
   * server.close();
   * await ns.close();
   * ```
   */
  listen(options: ListenOptions, onConnection?: (socket: Socket) => void): Server {
    return listenInside(this.#open, options, onConnection);
  }

  /**
   * Connects from inside the namespace; the calling thread's event loop uses the connection.
   *
   * A name is looked up by the thread of the handle, as in {@linkcode NetNS.do}; there is no thread
   * as long as only addresses are given; in Deno a name requires `--allow-net`. The socket may serve
   * as `createConnection` of `http.request`; not with `agent: false`, with which Node ignores that
   * option.
   *
   * @param options Port, address, signal and timeout.
   * @returns A `net.Socket`, which emits `connect`, or `error` when it cannot.
   * @throws {NetNSError} `EPERM`, `EMFILE`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import { once } from "node:events";
   *
   * const ns = NetNS.create();
   * const server = ns.listen({ port: 8080 }, (socket) => socket.end("hello"));
   * const socket = ns.connect({ port: 8080, host: "127.0.0.1" });
   * const [data] = await once(socket, "data");
   * console.log(String(data));
   * socket.destroy();
   * server.close();
   * await ns.close();
   * ```
   */
  connect(options: ConnectOptions): Socket {
    return connectInside(this.#open, options, (host) => this.#lookUp(host));
  }

  /**
   * Makes a UDP socket inside the namespace; the calling thread's event loop uses it.
   *
   * Deno cannot adopt UDP sockets; use {@linkcode NetNS.do} there.
   *
   * @param options Family, port and address.
   * @returns A bound `dgram.Socket`.
   * @throws {NetNSError} `EADDRINUSE`, `EADDRNOTAVAIL`; `ERR_NETNS_UNSUPPORTED` on Deno.
   *
   * @example
   * ```ts
   * import { isNetNSError, NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * try {
   *   ns.udp({ type: "udp4", port: 5353 }).close();
   * } catch (error) {
   *   if (!isNetNSError(error) || error.code !== "ERR_NETNS_UNSUPPORTED") throw error;
   * }
   * await ns.close();
   * ```
   */
  udp(options: UdpOptions): UdpSocket {
    return udpInside(this.#open, options);
  }

  /**
   * Makes a request from inside the namespace: `fetch`, carried out by the namespace's own thread.
   *
   * The response is a `Response` of this thread, whose body is read from inside as it is read
   * here. The body stays open until it is read, cancelled or dropped, and fails when the handle is
   * closed; only while a chunk is waited for does it keep the process alive. `data:`, `blob:` and
   * `file:` URLs are read by this thread, without network.
   *
   * Proxies of the process's environment are not used. In Deno it requires `--allow-net`.
   *
   * @param input What to fetch.
   * @param init As for `fetch`, with what the runtime adds to it as far as it can be cloned.
   * @returns The response, once it begins.
   * @throws {TypeError} As `fetch` does, with its `cause`: refused, reset, name not found.
   * @throws {NetNSError} `ERR_NETNS_CLOSED`, `ERR_NETNS_THREAD_EXITED`, `ERR_NETNS_UNCLONEABLE` for
   * options that belong to this thread, as a `dispatcher`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import { createServer } from "node:http";
   *
   * const ns = NetNS.create();
   * const http = createServer((_request, response) => response.end("hello"));
   * const server = ns.listen({ port: 8080 }, (socket) => http.emit("connection", socket));
   * const response = await ns.fetch("http://127.0.0.1:8080/");
   * console.log(await response.text());
   * server.close();
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return this.#fetch(input, init, {});
  }

  // ---- identity and life -----------------------------------------------------------------------

  /** The name under which it was created or opened. */
  get name(): string | undefined {
    return this.#namespace.name;
  }

  /** The file through which it was opened; one below /proc may name another namespace later. */
  get path(): string | undefined {
    return this.#namespace.path;
  }

  /**
   * The descriptor; it stays the handle's. Other processes may be given `/proc/PID/fd/FD`.
   *
   * @throws {NetNSError} `ERR_NETNS_CLOSED`: a number that was closed may be another file's.
   */
  get fd(): number {
    return this.#open.fd;
  }

  /**
   * The cookie of the namespace: a number that no other namespace gets until the next boot.
   *
   * @throws {NetNSError} `ERR_NETNS_UNSUPPORTED` before Linux 5.14; `ERR_NETNS_CLOSED`.
   */
  get id(): bigint {
    return cookie(this.#open);
  }

  /** The device number of the file system of namespaces, as stat(2) gives it. */
  get dev(): number {
    return this.#namespace.dev;
  }

  /** The inode number. The kernel reuses it once the namespace is gone; {@linkcode id} is unique. */
  get inode(): number {
    return this.#namespace.inode;
  }

  /** Whether {@linkcode close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Tells whether this process may enter the namespace, by doing so for a moment.
   *
   * That takes `CAP_SYS_ADMIN` in the user namespace that it belongs to, and in the process's own;
   * where the calling thread is there already it takes nothing.
   *
   * @returns Whether `do`, `doSync`, `spawn` and the like may work.
   * @throws {NetNSError} `ERR_NETNS_CLOSED`.
   * @see {@link https://man7.org/linux/man-pages/man2/setns.2.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * assert.ok(NetNS.home().canEnter());
   * ```
   */
  canEnter(): boolean {
    try {
      return inside(this.#open, () => true);
    } catch (error) {
      if (isNetNSError(error) && error.code === "EPERM") return false;
      throw error;
    }
  }

  /**
   * Duplicates the descriptor, close-on-exec.
   *
   * @returns A new descriptor. It is the caller's: `fs.closeSync` closes it on Node and Bun, FFI
   * on Deno.
   * @throws {NetNSError} `EMFILE`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const fd = NetNS.home().dupFd();
   * const same = NetNS.fromFd(fd);
   * assert.ok(same.equals(NetNS.home()));
   * await same.close();
   * ```
   */
  dupFd(): number {
    return this.#open.duplicate();
  }

  /**
   * Tells whether two handles are of one namespace. Both must be open: inode numbers are reused.
   *
   * @param other Another handle, also of another copy of the library, or `{ dev, inode }`.
   * @returns Whether device and inode are the same.
   * @throws {NetNSError} `ERR_NETNS_CLOSED` when either is closed.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * assert.equal(ns.equals(NetNS.home()), false);
   * await ns.close();
   * ```
   */
  equals(other: NetNS): boolean {
    if (typeof other?.dev !== "number" || typeof other.inode !== "number") {
      throw wrongType("other", "a NetNS", other);
    }
    const { dev, inode } = isHandle(other) ? other.#open : other;
    return this.#open.dev === dev && this.#open.inode === inode;
  }

  /** The handle for people: its path, else its inode. */
  toString(): string {
    return `NetNS(${this.path ?? `net:[${this.inode}]`})`;
  }

  /** `"NetNS"`. */
  get [Symbol.toStringTag](): string {
    return "NetNS";
  }

  /**
   * Gives the namespace a name, as `ip netns attach` does.
   *
   * Requires `CAP_SYS_ADMIN`. The handle's own `name` stays what it is.
   *
   * @param name The name.
   * @param options Another directory than /run/netns.
   * @returns The file of the name.
   * @throws {NetNSError} `EEXIST`, `ERR_NETNS_NAME_INVALID`, `EPERM`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * ns.pin("pinned-by-example");
   * NetNS.delete("pinned-by-example");
   * await ns.close();
   * ```
   */
  pin(name: string, options: DirectoryOptions = {}): string {
    checkOptions("options", options, ["dir"]);
    return pinNamespace(this.#open, name, options);
  }

  /**
   * Lists the processes that have a thread in the namespace, as far as this process may look.
   *
   * @param options Whether to list threads.
   * @returns Process ids, or thread ids, in ascending order.
   * @throws {NetNSError} `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   * import process from "node:process";
   *
   * assert.ok(NetNS.home().pids().includes(process.pid));
   * ```
   */
  pids(options: PidsOptions = {}): number[] {
    checkOptions("options", options, ["threads"]);
    checkBoolean("options.threads", options.threads);
    return pidsOf(this.#open, options);
  }

  // ---- network configuration -------------------------------------------------------------------

  /**
   * The links (network interfaces) of the namespace: `ip link`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const a = NetNS.create();
   * const b = NetNS.create();
   * await a.link.add({ kind: "veth", name: "v0", up: true, peer: { name: "eth0", netns: b } });
   * assert.equal((await b.link.get("eth0")).kind, "veth");
   * await a.close();
   * await b.close();
   * ```
   */
  get link(): Links {
    return this.#rtnetlink.objects.link;
  }

  /**
   * The addresses of the links of the namespace: `ip address`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.addr.add({ dev: "lo", address: "10.0.0.1/32" });
   * const addresses = await ns.addr.list({ dev: "lo", family: "inet" });
   * assert.deepEqual(addresses.map(({ address }) => address), ["127.0.0.1/8", "10.0.0.1/32"]);
   * await ns.close();
   * ```
   */
  get addr(): Addresses {
    return this.#rtnetlink.objects.addr;
  }

  /**
   * The routes of the namespace: `ip route`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.route.add({ dst: "10.0.0.0/8", dev: "lo" });
   * assert.equal((await ns.route.get("10.1.2.3")).dev, "lo");
   * await ns.close();
   * ```
   */
  get route(): Routes {
    return this.#rtnetlink.objects.route;
  }

  /**
   * The rules of policy routing of the namespace: `ip rule`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 });
   * await ns.route.add({ dst: "default", dev: "lo", table: 1000 });
   * await ns.close();
   * ```
   */
  get rule(): Rules {
    return this.#rtnetlink.objects.rule;
  }

  /**
   * The neighbours on the links of the namespace: `ip neighbour`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "ifb", name: "eth0", up: true });
   * await ns.neigh.add({ dst: "10.0.0.9", dev: "eth0", lladdr: "02:00:00:00:00:09" });
   * assert.equal((await ns.neigh.list({ nud: "permanent" })).length, 1);
   * await ns.close();
   * ```
   */
  get neigh(): Neighbours {
    return this.#rtnetlink.objects.neigh;
  }

  /**
   * The forwarding databases of bridges and VXLANs of the namespace: `bridge fdb`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.link.add({ kind: "bridge", name: "br0" });
   * for (const { mac, state } of await ns.fdb.list({ br: "br0" })) console.log(mac, state);
   * await ns.close();
   * ```
   */
  get fdb(): Fdb {
    return this.#rtnetlink.objects.fdb;
  }

  /**
   * The ids by which the namespace knows others: `ip netns list-id`.
   * {@linkcode NetNS.getNsid} tells the id that it has itself, where the calling thread is.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const other = NetNS.create();
   * await ns.nsid.set(other, 7);
   * assert.deepEqual(await ns.nsid.list(), [7]);
   * await ns.close();
   * await other.close();
   * ```
   */
  get nsid(): Nsids {
    return this.#rtnetlink.objects.nsid;
  }

  /** The queueing disciplines of the links of the namespace: `tc qdisc`. */
  get qdisc(): Qdiscs {
    return this.#rtnetlink.objects.qdisc;
  }

  /** The classes of those queueing disciplines that have such: `tc class`. */
  get class(): TrafficClasses {
    return this.#rtnetlink.objects.class;
  }

  /** The filters of packets of the links of the namespace: `tc filter`. */
  get filter(): Filters {
    return this.#rtnetlink.objects.filter;
  }

  /** Kernel parameters of the namespace: /proc/sys/net. */
  get sysctl(): Sysctl {
    return this.#sysctl ??= new Sysctl(() => this.#open);
  }

  /**
   * Tells what changes in the namespace, as it happens: `ip monitor`.
   *
   * Nothing that happens after this returns is missed; what is not asked for yet stays in the
   * kernel, which says so when it had to drop some. Each event is read in the order in which things
   * happened. A loop over it ends with `break`, by the signal, or with `ERR_NETNS_CLOSED` when the
   * handle is closed. A pending `next()` keeps the process alive; an idle monitor does not. While
   * there are monitors, one thread, in the home namespace, waits for all of them.
   *
   * @param options What to monitor, what ends it, and how much the kernel keeps.
   * @returns The events; to be iterated over, or ended by its `return()`.
   * @throws {NetNSError} `ERR_NETNS_CLOSED`, `EMFILE`.
   * @throws {TypeError} For a group that there is not.
   * @see {@link https://man7.org/linux/man-pages/man7/rtnetlink.7.html}
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const events = ns.monitor({ groups: ["link"] });
   * await ns.link.add({ kind: "ifb", name: "ifb-new" });
   * for await (const event of events) {
   *   if (event.type === "overrun") continue; // Some are missed: ns.link.list() tells all.
   *   assert.equal(event.type, "new");
   *   assert.equal(event.link.name, "ifb-new");
   *   break;
   * }
   * await ns.close();
   * ```
   */
  monitor<Group extends MonitorGroup = MonitorGroup>(
    options: MonitorOptions<Group> = {},
  ): DisposableIterator<MonitorEvent<Group>> {
    void this.#open;
    return this.#rtnetlink.monitors.open(options);
  }

  /**
   * Reads a file of /proc/net as the namespace has it, on the calling thread.
   *
   * `/proc/net` itself shows the main thread's namespace in `doSync`; in `do`, that of the handle.
   *
   * @param file The path below /proc/net: `dev`, `tcp`, `stat/rt_cache`.
   * @returns The whole text.
   * @throws {NetNSError} `ERR_NETNS_NOT_FOUND`, `EACCES`, `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * assert.match(await ns.readProcNet("dev"), /lo:/);
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async readProcNet(file: string): Promise<string> {
    return readProcNet(this.#open, file);
  }

  /**
   * The id by which the calling thread's namespace knows this one; links to it are shown with it.
   *
   * @returns The id, or undefined when none is assigned.
   * @throws {NetNSError} `ERR_NETNS_CLOSED`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * assert.equal(await ns.getNsid(), undefined);
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async getNsid(): Promise<number | undefined> {
    return getNsid(this.#open);
  }

  /**
   * Assigns the id by which the calling thread's namespace knows this one. It can be set once.
   *
   * Requires `CAP_NET_ADMIN`.
   *
   * @param nsid The id, from 0 on, or "auto" for the next free one.
   * @returns The id that was assigned.
   * @throws {NetNSError} `EEXIST` when one is assigned or the id is in use; `EPERM`.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const nsid = await ns.setNsid("auto");
   * assert.equal(await ns.getNsid(), nsid);
   * await ns.close();
   * ```
   */
  // deno-lint-ignore require-await
  async setNsid(nsid: number | "auto"): Promise<number> {
    return setNsid(this.#open, nsid);
  }

  /**
   * Lets a pending call keep the process alive, which is the default. An idle handle never does.
   *
   * @returns This handle.
   */
  ref(): this {
    this.#threads.keepsAlive = true;
    return this;
  }

  /**
   * Lets the process end although calls are pending.
   *
   * @returns This handle.
   */
  unref(): this {
    this.#threads.keepsAlive = false;
    return this;
  }

  /**
   * Closes the handle: no new calls, and its thread and descriptor are gone when this resolves.
   *
   * Calls of `do` and imported functions that are running are waited for, or rejected with
   * `ERR_NETNS_CLOSED` when forced: not forced, a call that waits for this would wait for itself.
   * What else runs on the thread (servers, timers) ends. Processes are neither waited for nor ended.
   * A handle that has a thread is not collected: close it. Closing twice is closing once.
   *
   * The namespace lives on while it has a name, another handle, or a process in it. In Bun helpers
   * of the garbage collector and the compiler (`HeapHelper`, `JITWorker`) that started while code
   * ran inside keep it, too, until Bun ends them; they do nothing in it, and
   * {@linkcode NetNS.audit} names them. From a namespace without a name that nothing else keeps, the
   * links that were made through the handle are deleted, so that nothing of it is to be seen.
   *
   * @param options Whether to wait for calls.
   * @returns Resolves when the thread is gone.
   * @throws {NetNSError} `ETIMEDOUT` when the thread runs a loop that the runtime cannot
   * interrupt, and is still there after 5 s.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * await ns.close();
   * assert.throws(() => ns.doSync(() => {}), { code: "ERR_NETNS_CLOSED" });
   * ```
   */
  async close(options: CloseOptions = {}): Promise<void> {
    checkOptions("options", options, ["force"]);
    checkBoolean("options.force", options.force);
    this.#closed = this.#ownsNamespace;
    if (options.force) this.#threads.rejectPending(this.#namespace.closedError());
    await (this.#closing ??= this.#close().finally(() => this.#closing = undefined));
  }

  /** As {@linkcode close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // ---- inside the class ------------------------------------------------------------------------

  static {
    // esbuild names a class that mentions itself otherwise.
    Object.defineProperty(this, "name", { value: "NetNS", configurable: true });
    // What `console.log` prints, on every runtime.
    Object.defineProperty(this.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value: this.prototype.toString,
      configurable: true,
      writable: true,
    });
    isHandle = (value): value is NetNS => #namespace in value;
    describe = (handle) => {
      const { name, path, dev, inode } = handle.#open;
      return { name, path, dev, inode, id: idOf(handle.#namespace) };
    };
  }

  get #rtnetlink(): HandleNetlink {
    return this.#netlink ??= new HandleNetlink(
      this.#namespace,
      () => this.#open,
      (value) => isHandle(value) ? value.#open : undefined,
    );
  }

  async #close(): Promise<void> {
    const ending = [this.#threads.end(), this.#netlink?.close()].filter((end) => end !== undefined);
    if (!this.#ownsNamespace) this.#netlink = undefined;
    try {
      if (ending.length > 0) await Promise.all(ending);
      const made = this.#netlink?.madeLinks;
      if (this.#isAnonymous && made?.size && !this.#namespace.closed) {
        await deleteLeftoverLinks(this.#namespace, made);
      }
    } finally {
      auditAfterCall("close");
      if (this.#ownsNamespace) await this.#namespace.close();
    }
  }

  /** The addresses of a name, as the thread of the handle finds them. */
  async #lookUp(host: string): Promise<string[]> {
    const source = `async (host) => {
      const { promises } = await import("node:dns");
      return (await promises.lookup(host, { all: true })).map(({ address }) => address);
    }`;
    try {
      return await this.#call({ source }, [host], NetNS.#shared(here()), {}) as string[];
    } catch (cause) {
      if (!("Deno" in globalThis) || (cause as { code?: unknown }).code !== "EPERM") throw cause;
      throw new NetNSError(`Cannot look up "${host}": Deno does not permit it`, {
        code: "EPERM",
        hint: "run with --allow-net",
        cause,
      });
    }
  }

  #do(options: CallOptions, fn: unknown, args: unknown[]): Promise<unknown> {
    try {
      const source = functionSource(fn);
      return this.#call({ source }, args, NetNS.#shared(here()), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #call(
    callee: Callee,
    args: unknown[],
    host: NetNS,
    options: CallOptions,
  ): Promise<unknown> {
    const thread = this.#thread;
    host.#namespace.hold();
    try {
      return await thread.call(callee, args, host, options);
    } finally {
      host.#namespace.release();
      auditAfterCall("do");
    }
  }

  #fetch(
    input: string | URL | Request,
    init: RequestInit | undefined,
    binding: CallOptions,
  ): Promise<Response> {
    void this.#open;
    return fetchInside(
      { thread: () => this.#thread, uploads: this.#uploads },
      input,
      init,
      binding,
    );
  }

  #exec(
    command: string,
    args: readonly string[] = [],
    { signal, timeout }: CallOptions,
    options: ExecOptions = {},
  ): Promise<ExecResult<string> | ExecResult<Uint8Array>> {
    const bound = { ...options };
    if (bound.signal === undefined && signal !== undefined) bound.signal = signal;
    if (bound.timeout === undefined && timeout !== undefined) bound.timeout = timeout;
    return execInside(this.#open, command, args, bound);
  }

  async #import(options: CallOptions, url: string | URL): Promise<unknown> {
    const href = absoluteUrl(url);
    const names = await this.#thread.exports(href, options) as string[];
    const host = NetNS.#shared(here());
    return Object.fromEntries(names.map((name) => [
      name,
      async (...args: unknown[]) =>
        await this.#call({ url: href, export: name }, args, host, options),
    ]));
  }

  /** Carries out what a remote handle in this namespace's thread asks of any handle. */
  async #carryOut(
    target: NetNS,
    request: RemoteRequest,
    args: unknown[],
    signal: AbortSignal,
    iterators: RemoteIterators,
  ): Promise<unknown> {
    const options = { signal, timeout: request.timeout };
    switch (request.method) {
      case "call":
        return await target.#call(request.callee!, args, this, options);
      case "exports":
        return await target.#thread.exports(args[0] as string, options);
      case "exec": {
        const [command, commandArgs, execOptions] = args as Parameters<NetNS["exec"]>;
        return await target.#exec(command, commandArgs, options, execOptions);
      }
      case "getNsid":
        return inside(this.#open, () => getNsid(target.#open));
      case "setNsid":
        return inside(this.#open, () => setNsid(target.#open, args[0] as number | "auto"));
      case "getSysctl":
        return await target.sysctl.get(...args as Parameters<Sysctl["get"]>);
      case "setSysctl":
        return await target.sysctl.set(...args as Parameters<Sysctl["set"]>);
      case "readProcNet":
        return await target.readProcNet(...args as Parameters<NetNS["readProcNet"]>);
      case "readBody":
        return await this.#uploads.read(args[0] as number);
      case "cancelBody":
        return this.#uploads.cancel(args[0] as number);
      case "pids":
        return target.pids(args[0] as PidsOptions | undefined);
      case "close":
        if (target === this) throw new TypeError("close() would wait for the call that it is in");
        return await target.close(args[0] as CloseOptions | undefined);
      case "netlink":
        return await target.#ask(...args as NetlinkQuestion);
      case "iterate":
        return iterators.begin(target.#ask(...args as NetlinkQuestion) as AsyncIterable<unknown>);
      case "nextIteration":
        return await iterators.next(args[0] as number);
      case "endIteration":
        return await iterators.end(args[0] as number);
    }
  }

  /** Calls a method of an object of rtnetlink, as `ns.link.add`, for a remote handle. */
  #ask(path: readonly string[], args: unknown[]): unknown {
    void this.#open;
    const asked = netlinkMethod(this, path);
    if (asked === undefined) throw new TypeError(`ns.${path.join(".")} is not a function`);
    return asked(...args);
  }
}

function asyncInSync(result: PromiseLike<unknown>): NetNSError {
  // The caller is told by the error; what becomes of the promise must not end the process.
  Promise.resolve(result).catch(() => {});
  return new NetNSError("Cannot use the result of doSync(): the function returned a promise", {
    code: "ERR_NETNS_ASYNC_IN_SYNC",
    hint: "what follows the first await runs outside the namespace: use `await ns.do(fn)`",
  });
}

function absoluteUrl(url: string | URL): string {
  if (url instanceof URL) return url.href;
  if (typeof url !== "string") throw wrongType("url", "a URL or a string", url);
  if (!URL.canParse(url)) {
    throw new TypeError(
      `url must be absolute: current value is ${JSON.stringify(url)}; use ` +
        "new URL(path, import.meta.url)",
    );
  }
  return new URL(url).href;
}
