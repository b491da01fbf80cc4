/**
 * What to do when the kernel does not know a kind of qdisc, class, filter or action.
 *
 * @module
 */

import type { Hint } from "../request.ts";

/** Names the module that has the kind: `sch_KIND` or `cls_KIND`. */
export function kindHint(prefix: "sch" | "cls", kind: string): Hint {
  const what = prefix === "sch" ? "qdisc" : "filter";
  return (_code, extack) =>
    /^(Specified (qdisc kind is unknown|qdisc not found|filter kind is unknown)|TC classifier not found)/
        .test(extack?.message ?? "")
      ? `the kernel does not know this kind of ${what}: load its module (modprobe ${prefix}_${kind})`
      : undefined;
}
