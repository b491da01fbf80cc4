/**
 * Names of links that were given none. The kernel chooses `KIND0`, `KIND1`..., but does not tell of
 * links in other namespaces, and before Linux 6.2 of none.
 *
 * @module
 */

import { isNetNSError, NetNSError } from "../../errors.ts";
import type { Netlink } from "../netlink.ts";
import type { Link } from "./link.ts";

const ATTEMPTS = 100;

/** Adds a link with the first name that is free, as the kernel does. */
export async function withFreeName(
  netlink: Netlink,
  kind: string,
  add: (name: string) => Promise<Link>,
): Promise<Link> {
  for (let attempt = 1;; attempt++) {
    const used = new Set<string>();
    for (const { name, altnames = [] } of await netlink.link.list({ stats: false })) {
      used.add(name);
      for (const each of altnames) used.add(each);
    }
    let number = 0;
    while (used.has(`${kind}${number}`)) number++;
    try {
      return await add(`${kind}${number}`);
    } catch (error) {
      if (attempt === ATTEMPTS || !isNetNSError(error) || error.code !== "EEXIST") throw error;
    }
  }
}

/** The link of a kind that was made last among those that the kernel named. */
export async function newestOfKind(netlink: Netlink, kind: string): Promise<Link> {
  const links = await netlink.link.list({ kind });
  const named = links.filter(({ name }) =>
    name.startsWith(kind) && /^\d+$/.test(name.slice(kind.length))
  );
  const newest = named.sort((one, two) => two.index - one.index)[0];
  if (newest !== undefined) return newest;
  throw new NetNSError(`link add ${kind} failed with ENODEV: the new link was not found`, {
    code: "ENODEV",
    op: `link add ${kind}`,
    hint: "it was removed or renamed meanwhile",
  });
}
