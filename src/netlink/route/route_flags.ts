/**
 * `RTNH_F_*`, `RTM_F_*` and `RTCF_*` in words, those of iproute2 where it has some.
 *
 * @module
 */

import { bitWords } from "../codec/values.ts";
import { RTCF, RTM_F, RTNH_F } from "../constants/route.ts";

const common = {
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
};

type FlagWords = (flags: number) => readonly (string | number)[];

const ofTable: FlagWords = bitWords({ ...common, rtOffloadFailed: RTM_F.OFFLOAD_FAILED });

/** Of one destination, the upper bits mean something else. */
const ofDestination: FlagWords = bitWords({
  ...common,
  redirected: RTCF.REDIRECTED,
  redirect: RTCF.DOREDIRECT,
  srcDirect: RTCF.DIRECTSRC,
  brd: RTCF.BROADCAST,
  mc: RTCF.MULTICAST,
  reject: RTCF.REJECT,
  local: RTCF.LOCAL,
});

/** The words of flags. */
export const routeFlagWords: FlagWords = (flags) =>
  (flags & RTM_F.CLONED) === 0 ? ofTable(flags) : ofDestination(flags);
