/**
 * `ip netns list-id [target-nsid N] [nsid N]`.
 *
 * @module
 */

import { NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_GETNSID } from "../constants/rtnetlink.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import {
  nsidAttributePath,
  type NsidEntry,
  type NsidFilter,
  readNsidEntry,
  writeNsidFilter,
} from "./nsid_message.ts";

/** The ids that a filter asks for. */
export async function listNsids(netlink: Netlink, filter: NsidFilter): Promise<NsidEntry[]> {
  const op = filter.nsid === undefined ? "nsid list" : `nsid get ${filter.nsid}`;
  const message = netlink.message(
    RTM_GETNSID,
    NLM_F_REQUEST,
    (writer) => writeNsidFilter(writer, filter),
  );
  const query: Query<NsidEntry> = {
    message,
    op,
    describe: nsidAttributePath,
    read: (reader, _type, start, end) => readNsidEntry(reader, start, end),
  };
  return await (filter.nsid === undefined
    ? netlink.connection.dump(query)
    : netlink.connection.query(query));
}
