/**
 * Loads rtnetlink when it is first used: it is two fifths of the library, and many programs have no
 * use for it.
 *
 * @module
 */

import { LateModule } from "../late_module.ts";

/** What of rtnetlink is loaded. */
export type NetlinkModule = typeof import("./rtnetlink.ts");

/** That part. */
export const rtnetlink: LateModule<NetlinkModule> = new LateModule(
  "rtnetlink",
  () => import("./rtnetlink.ts"),
);
