/**
 * `RTNH_F_*` and `RTM_F_*` in the words of iproute2.
 *
 * @module
 */

import { bitWords } from "../codec/values.ts";
import { RTM_F, RTNH_F } from "../constants/route.ts";

/** The words of flags. */
export const routeFlagWords: (flags: number) => readonly (string | number)[] = bitWords({
  dead: RTNH_F.DEAD,
  pervasive: RTNH_F.PERVASIVE,
  onlink: RTNH_F.ONLINK,
  offload: RTNH_F.OFFLOAD,
  linkdown: RTNH_F.LINKDOWN,
  unresolved: RTNH_F.UNRESOLVED,
  trap: RTNH_F.TRAP,
  notify: RTM_F.NOTIFY,
  cloned: RTM_F.CLONED,
  equalize: RTM_F.EQUALIZE,
  prefix: RTM_F.PREFIX,
  lookupTable: RTM_F.LOOKUP_TABLE,
  fibMatch: RTM_F.FIB_MATCH,
  rtOffload: RTM_F.OFFLOAD,
  rtTrap: RTM_F.TRAP,
  rtOffloadFailed: RTM_F.OFFLOAD_FAILED,
});
