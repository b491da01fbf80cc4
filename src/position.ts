/**
 * Which network namespace the calling thread is in, and how it gets into another one.
 *
 * @module
 */

import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY } from "../ffi/constants.ts";
import { errnoName, NetNSError, PROC_HINT, syscallError, unwrap } from "./errors.ts";
import { libc } from "./libc.ts";
import { Namespace } from "./namespace.ts";
import { prewarm } from "./prewarm.ts";
import { explainRefusal, mayOnlyLeave } from "./user_namespace.ts";

/** Where a thread is. Shared by all copies of the library on the thread: they move one thread. */
interface Position {
  /** The namespace of the thread when the library was first used on it; never closed. */
  home: Namespace;
  /** Whether the thread could come back to `home`; any other one it has entered before. */
  canReturn?: boolean;
  /** The namespace that the thread is in now; undefined where other code may have moved it. */
  current: Namespace | undefined;
  /** The namespace that the thread was moved to for good; held open for it. */
  moved?: Namespace | undefined;
  /** How many windows are open, one in the other. */
  windows: number;
  /** Opened to find out where the thread is while windows are open; closed with the last one. */
  temporary: Namespace[];
  /** Set when the thread could not be brought back: nobody knows where it is. */
  lost?: NetNSError;
}

// The number is that of the shape of Position.
const key = Symbol.for("@netns/netns.position.1");
const shared = globalThis as { [key]?: Position };

let position: Position | undefined = shared[key];

/** The namespace that the calling thread is in, by the kernel's own word. */
export function openCurrent(): Namespace {
  const path = "/proc/thread-self/ns/net";
  const action = "Cannot open the network namespace of this thread";
  const fd = libc().open(path, O_RDONLY | O_CLOEXEC, 0);
  const hint = fd < 0 && errnoName(fd) === "ENOENT" ? PROC_HINT : undefined;
  return new Namespace(unwrap(fd, { action, syscall: "open", path, hint }));
}

function known(): Position {
  if (position === undefined) {
    position = shared[key];
    if (position === undefined) {
      const home = openCurrent();
      shared[key] = position = { home, current: home, windows: 0, temporary: [] };
    }
    prewarm();
  }
  if (position.lost) throw position.lost;
  return position;
}

/** Throws where the calling thread could not be brought back; for what would go on without it. */
export function requireBroughtBack(): void {
  const lost = (position ?? shared[key])?.lost;
  if (lost) throw lost;
}

/** The namespace of the thread when the library was first used on it. */
export function home(): Namespace {
  return known().home;
}

/** The namespace that the calling thread is in. */
export function here(): Namespace {
  return whereIs(known());
}

function whereIs(at: Position): Namespace {
  if (at.current !== undefined) return at.current;
  let namespace = openCurrent();
  if (isSame(namespace, at.home)) {
    namespace.close();
    namespace = at.home;
  } else if (at.windows > 0) {
    at.temporary.push(namespace);
  }
  return at.windows > 0 ? at.current = namespace : stayIn(at, namespace);
}

function isSame(one: Namespace, two: Namespace): boolean {
  return one.dev === two.dev && one.inode === two.inode;
}

/** Holds the namespace open that the thread is in from now on, and lets the one before go. */
function stayIn(at: Position, namespace: Namespace): Namespace {
  at.moved?.abandon();
  at.moved = namespace === at.home ? undefined : namespace;
  return at.current = namespace;
}

/** To be called when other code than this module moved the calling thread. */
export function forgetPosition(): void {
  known().current = undefined;
}

/**
 * Runs a synchronous function with the calling thread in `target`; brings the thread back. Where it
 * is there already it stays, which needs no privilege.
 */
export function inside<T>(target: Namespace, run: (from: Namespace) => T): T {
  const at = known();
  const from = whereIs(at);
  const fd = target.hold();
  const back = from.hold();
  at.windows++;
  try {
    if (!isSame(from, target)) {
      requireWayBack(at, from, back);
      const entered = libc().setns(fd, CLONE_NEWNET);
      if (entered < 0) throw enterError(target, entered, fd);
      at.current = target;
    }
    return thenBack(at, from, back, run);
  } finally {
    from.release();
    target.release();
    closeWindow(at);
  }
}

/**
 * Runs a synchronous function in one namespace after the other, without a way home between them;
 * brings the thread back.
 */
export function insideEach(targets: readonly Namespace[], run: (index: number) => void): void {
  const at = known();
  const from = whereIs(at);
  const { setns } = libc();
  const back = from.hold();
  at.windows++;
  try {
    requireWayBack(at, from, back);
    thenBack(at, from, back, () => {
      targets.forEach((target, index) => {
        const fd = target.hold();
        const entered = setns(fd, CLONE_NEWNET);
        try {
          if (entered < 0) throw enterError(target, entered, fd);
          at.current = target;
          run(index);
        } finally {
          target.release();
        }
      });
    });
  } finally {
    from.release();
    closeWindow(at);
  }
}

/**
 * Moves the calling thread by other means than a handle, runs a function there, and brings the
 * thread back. `leave` throws when it did not move the thread.
 */
export function away<T>(leave: () => void, run: () => T): T {
  const at = known();
  const from = whereIs(at);
  const back = from.hold();
  at.windows++;
  try {
    requireWayBack(at, from, back);
    leave();
    at.current = undefined;
    return thenBack(at, from, back, run);
  } finally {
    from.release();
    closeWindow(at);
  }
}

/** Runs a function, and brings the thread back to `from` unless it is there, also after a throw. */
function thenBack<T>(
  at: Position,
  from: Namespace,
  back: number,
  run: (from: Namespace) => T,
): T {
  let result: T;
  try {
    result = run(from);
  } catch (error) {
    restore(at, from, back, { error });
    throw error;
  }
  restore(at, from, back);
  return result;
}

/** Moves the calling thread for good; inside a window, until that brings the thread back. */
export function move(target: Namespace): void {
  const at = known();
  if (at.windows > 0) {
    const entered = libc().setns(target.fd, CLONE_NEWNET);
    if (entered < 0) throw enterError(target, entered, target.fd);
    at.current = undefined;
    return;
  }
  const isHome = isSame(target, at.home);
  const stay = isHome ? at.home : new Namespace(target.duplicate(), target);
  const entered = libc().setns(stay.fd, CLONE_NEWNET);
  if (entered < 0) {
    const error = enterError(target, entered, stay.fd);
    if (!isHome) stay.close();
    throw error;
  }
  stayIn(at, stay);
}

/**
 * Throws where the thread could leave and not come back: in a user namespace of its own that was made
 * without a network namespace. Where it may not leave either, that is told in leaving.
 */
function requireWayBack(at: Position, from: Namespace, fd: number): void {
  if (at.canReturn || from !== at.home) return;
  const result = libc().setns(fd, CLONE_NEWNET);
  if (result >= 0) {
    at.canReturn = true;
    return;
  }
  if (errnoName(result) !== "EPERM" || !mayOnlyLeave(fd)) return;
  throw syscallError({
    action: `Cannot leave ${from.label}, as this thread could not come back`,
    syscall: "setns",
    result,
    hint: "it belongs to a user namespace outside of this process's: make the user namespace " +
      "together with a network namespace (netns rootless, unshare -Urn)",
  });
}

function closeWindow(at: Position): void {
  if (--at.windows > 0 || at.temporary.length === 0) return;
  for (const namespace of at.temporary) namespace.abandon();
  at.temporary = [];
}

function restore(
  at: Position,
  from: Namespace,
  back: number,
  thrown?: { error: unknown },
): void {
  const result = at.current === from ? 0 : libc().setns(back, CLONE_NEWNET);
  if (result === 0) {
    at.current = from;
    return;
  }
  at.current = undefined;
  const failure = enterError(from, result);
  at.lost = new NetNSError(`Cannot bring this thread back to ${from.label}`, {
    code: "ERR_NETNS_RESTORE_FAILED",
    syscall: "setns",
    errno: result,
    hint: "the thread is in a namespace that is not known any more; end the process",
    cause: thrown
      ? new AggregateError([failure, thrown.error], "The function threw, too")
      : failure,
  });
  throw at.lost;
}

function enterError(target: Namespace, result: number, fd?: number): NetNSError {
  const action = `Cannot enter ${target.label}`;
  const hint = errnoName(result) === "EPERM" ? explainRefusal(fd) : undefined;
  return syscallError({ action, syscall: "setns", result, path: target.path, hint });
}
