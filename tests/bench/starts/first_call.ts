/**
 * Imports the library and makes the first call.
 *
 * @module
 */
import { NetNS } from "../../../mod.ts";

NetNS.current().doSync(() => {});
