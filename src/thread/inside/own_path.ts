/**
 * Paths that name the thread which opens them. The main thread carries out what is asked of a handle,
 * so they have to name this thread whichever one opens them.
 *
 * @module
 */

const OWN = /^\/+proc\/+thread-self(?=\/)/;

/** Arguments of rtnetlink, with such paths where they name a namespace. `tid` is that of the thread. */
export function withOwnPaths(args: readonly unknown[], tid: () => number): unknown[] {
  return args.map((arg) => {
    if (typeof arg === "string") return ownPath(arg, tid);
    if (typeof arg !== "object" || arg === null) return arg;
    const { netns, peer } = arg as { netns?: unknown; peer?: { netns?: unknown } | null };
    const isOwn = isOwnPath(netns);
    const isPeers = isOwnPath(peer?.netns);
    if (!isOwn && !isPeers) return arg;
    return {
      ...arg,
      ...(isOwn ? { netns: ownPath(netns, tid) } : {}),
      ...(isPeers ? { peer: { ...peer, netns: ownPath(peer!.netns as string, tid) } } : {}),
    };
  });
}

function isOwnPath(value: unknown): value is string {
  return typeof value === "string" && OWN.test(value);
}

function ownPath(path: string, tid: () => number): string {
  return path.replace(OWN, () => `/proc/self/task/${tid()}`);
}
