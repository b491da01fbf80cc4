/**
 * Options that need the kind of the link next to them.
 *
 * @module
 */

import { hasMember, type Members } from "../codec/attribute_table.ts";
import { kindTables } from "./kinds/mod.ts";
import { headerMembers, toldMembers } from "./link_body.ts";
import { linkAttributes } from "./link_message.ts";

const others: readonly string[] = [...headerMembers, ...toldMembers, "attributes"];

/**
 * Says of which kinds an option is that the kind given, or none, does not have. What is no option of
 * any kind is for others to refuse.
 */
export function checkKindOptions(option: string, settings: unknown): void {
  if (typeof settings !== "object" || settings === null) return;
  for (const name of Object.keys(settings)) {
    if (others.includes(name) || hasMember(linkAttributes, name, settings as Members)) continue;
    const kinds = [...kindTables].filter(([, table]) => hasMember(table, name, {}));
    if (kinds.length === 0) continue;
    const words = kinds.map(([kind]) => `kind: "${kind}"`).join(" or ");
    throw new TypeError(`${option}.${name} is an option only together with ${words}`);
  }
}
