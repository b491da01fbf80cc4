/**
 * What of rtnetlink is loaded when it is first used; see load.ts.
 *
 * @module
 */

export { EventReader } from "./monitor/event_reader.ts";
export { Netlink } from "./netlink.ts";
