/**
 * Tests with a namespace of their own.
 *
 * @module
 */

import { NetNS } from "../../mod.ts";
import { leakChecked } from "./leak_check.ts";
import { skipUnlessPrivileged } from "./requirements.ts";

/** Runs a test with a new namespace, which is closed after it. */
export function withNamespace(name: string, run: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, { skip: skipUnlessPrivileged() }, async () => {
    const ns = NetNS.create();
    try {
      await run(ns);
    } finally {
      await ns.close({ force: true });
      await NetNS.home().close(); // ctx.host has a thread of its own, too.
    }
  });
}
