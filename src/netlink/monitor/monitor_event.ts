/**
 * What a monitor tells.
 *
 * @module
 */

import type { Address } from "../addr/address.ts";
import type { FdbEntry } from "../fdb/fdb_entry.ts";
import type { Link } from "../link/link.ts";
import type { Neighbour } from "../neigh/neighbour.ts";
import type { Route } from "../route/route.ts";
import type { Rule } from "../rule/rule.ts";

/** The objects that can be monitored, by the word that events and options have for them. */
export interface MonitoredObjects {
  link: Link;
  addr: Address;
  route: Route;
  rule: Rule;
  neigh: Neighbour;
  fdb: FdbEntry;
}

/** What can be monitored: the names of the members of {@linkcode NetNS} that change it. */
export type MonitorGroup = keyof MonitoredObjects;

/**
 * Something was made, changed or removed: `{ type: "new", group: "link", link }`. The object is in
 * the member that has the name of the group, as `list()` would tell it.
 */
export type MonitorChange<Group extends MonitorGroup = MonitorGroup> = {
  [G in Group]:
    & {
      /** `"new"` when it was made or changed, `"del"` when it was removed. */
      type: "new" | "del";
      /** What it is. */
      group: G;
    }
    & { [Name in G]: MonitoredObjects[G] };
}[Group];

/**
 * The kernel had to drop events, as too many were not asked for yet. Those from before come before
 * this one, those from after come after it; what `list()` tells now has in it all that was missed.
 */
export interface MonitorOverrun {
  type: "overrun";
  group?: undefined;
}

/** What a monitor of some groups tells. */
export type MonitorEvent<Group extends MonitorGroup = MonitorGroup> =
  | MonitorChange<Group>
  | MonitorOverrun;

/** Options of {@linkcode NetNS.monitor}. */
export interface MonitorOptions<Group extends MonitorGroup = MonitorGroup> {
  /** What to monitor. @default all */
  groups?: readonly Group[] | undefined;
  /** Ends the monitor: a loop over it ends as if nothing more happened. */
  signal?: AbortSignal | undefined;
  /**
   * How many bytes of events the kernel keeps until they are asked for; `net.core.rmem_default` by
   * default. More than `net.core.rmem_max` requires `CAP_NET_ADMIN`.
   */
  rcvbuf?: number | undefined;
}
