/**
 * macvlan and macvtap: links with addresses of their own on one link below.
 *
 * @module
 */

import { mac } from "../../codec/addresses.ts";
import {
  type AttributeTable,
  attributeTable,
  type JointMembers,
} from "../../codec/attribute_table.ts";
import { switches } from "../../codec/joints.ts";
import { list } from "../../codec/nests.ts";
import { i32, u16, u32, words } from "../../codec/values.ts";
import { IFLA_MACVLAN, MACVLAN_FLAG, MACVLAN_MACADDR_SET } from "../../constants/if_link_kinds.ts";

/** The options that macvlan and macvtap share. */
export interface MacvlanOptions {
  /**
   * How links on the same link below reach each other: not at all, by the switch outside, directly;
   * `passthru`: there is only one; `source`: it takes what comes from `macaddrs`.
   */
  mode?: "private" | "vepa" | "bridge" | "passthru" | "source" | number | undefined;
  /** Whether the link below is not put into promiscuous mode, with `passthru`. */
  nopromisc?: boolean | undefined;
  /** Whether the destination address is not changed, with `source`. */
  nodst?: boolean | undefined;
  /** From which link-layer addresses it takes frames, with `source`. */
  macaddrs?: string[] | undefined;
  /** How many broadcasts may wait to be handed out. */
  bcqueuelen?: number | undefined;
  /** How many links may get broadcasts at once, before they are queued; -1 for any number. */
  bclim?: number | undefined;
  /** The length of the queue that all links on the link below share. Only told. */
  usedbcqueuelen?: number | undefined;
  /** How many addresses `macaddrs` has. Only told. */
  macaddrCount?: number | undefined;
}

/** A link with an address of its own on the link that `link` names. */
export interface Macvlan extends MacvlanOptions {
  kind: "macvlan";
}

/** As {@linkcode Macvlan}, for a program that reads and writes frames: /dev/tapN. */
export interface Macvtap extends MacvlanOptions {
  kind: "macvtap";
}

const modes = { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 } as const;

/** The addresses replace those that were there. */
const replaceAddresses: readonly [JointMembers] = [{
  joint: {
    names: [],
    write(writer, { macaddrs }) {
      if (macaddrs !== undefined) writer.u32(MACVLAN_MACADDR_SET);
      return macaddrs !== undefined;
    },
    read: () => false,
  },
}];

/** The options of both kinds. */
export const macvlan: AttributeTable = attributeTable(IFLA_MACVLAN, {
  IFLA_MACVLAN_MODE: ["mode", words(u32, modes)],
  IFLA_MACVLAN_FLAGS: switches(u16, {
    nopromisc: MACVLAN_FLAG.NOPROMISC,
    nodst: MACVLAN_FLAG.NODST,
  }),
  IFLA_MACVLAN_MACADDR_MODE: replaceAddresses,
  IFLA_MACVLAN_MACADDR_DATA: ["macaddrs", list(mac, IFLA_MACVLAN.IFLA_MACVLAN_MACADDR)],
  IFLA_MACVLAN_MACADDR_COUNT: ["macaddrCount", u32, "read-only"],
  IFLA_MACVLAN_BC_QUEUE_LEN: ["bcqueuelen", u32],
  IFLA_MACVLAN_BC_QUEUE_LEN_USED: ["usedbcqueuelen", u32, "read-only"],
  IFLA_MACVLAN_BC_CUTOFF: ["bclim", i32],
});
