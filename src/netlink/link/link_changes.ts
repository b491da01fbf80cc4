/**
 * What of the settings of a link has to be sent, given what the link is.
 *
 * @module
 */

import { builtin } from "../../../ffi/builtin.ts";
import { NetNSError } from "../../errors.ts";
import { type AttributeTable, memberNames, type Members } from "../codec/attribute_table.ts";
import { kindTables } from "./kinds/mod.ts";
import { linkFlagNames } from "./link_flags.ts";
import { linkAttributes } from "./link_message.ts";

/** Kinds whose options are all reset by a change that leaves them out. */
const setAsAWhole = new Set(["gre", "gretap", "ip6gre", "ip6gretap", "ip6tnl", "ipip", "sit"]);

/** Whether an object is a link that was read, rather than written by hand. */
export function isRead(settings: unknown): boolean {
  return Array.isArray((settings as Members).flags);
}

/** Leaves out what the link is already, and adds what the kernel takes only together. */
export function changesOf(settings: Members, link: Members, op: string): Members {
  const { kind } = settings;
  if (kind !== undefined && kind !== link.kind) {
    const actual = link.kind === undefined ? "has no kind" : `is of kind "${link.kind}"`;
    throw new NetNSError(`${op} failed with EOPNOTSUPP: it ${actual}, not of kind "${kind}"`, {
      code: "EOPNOTSUPP",
      op,
      hint: "the kind of a link cannot be changed",
    });
  }
  const changes: Members = {};
  for (const name of writableMembers(settings)) {
    const value = settings[name];
    if (value !== undefined && !builtin.util.isDeepStrictEqual(value, link[name])) {
      changes[name] = value;
    }
  }
  if (changes.port !== undefined) changes.port = portChanges(changes.port, link.port);
  const table = kindTables.get(kind as string);
  if (table !== undefined) complete(changes, link, kind as string, table);
  else if (changes.attributes !== undefined) changes.kind = kind;
  return changes;
}

function writableMembers(settings: Members): Iterable<string> {
  return [...linkFlagNames, ...memberNames(linkAttributes, settings, true), "attributes"]
    .filter((name) => name !== "kind");
}

function portChanges(port: unknown, current: unknown): unknown {
  if (typeof port !== "object" || port === null) return port;
  const { kind, ...options } = port as Members;
  const told = (current ?? {}) as Members;
  if (kind !== told.kind) return port;
  const changed = Object.entries(options)
    .filter(([name, value]) =>
      value !== undefined && !builtin.util.isDeepStrictEqual(value, told[name])
    );
  return changed.length === 0 ? undefined : { kind, ...Object.fromEntries(changed) };
}

function complete(changes: Members, link: Members, kind: string, table: AttributeTable): void {
  const names = memberNames(table, changes, true);
  if (changes.attributes === undefined && !hasAny(changes, names)) return;
  changes.kind = kind;
  if (setAsAWhole.has(kind)) fill(changes, link, names);
  for (const { joint } of table.attributes) {
    if (joint === undefined || joint.separate) continue;
    if (hasAny(changes, joint.names)) fill(changes, link, joint.names);
  }
}

function hasAny(members: Members, names: Iterable<string>): boolean {
  for (const name of names) if (members[name] !== undefined) return true;
  return false;
}

function fill(changes: Members, link: Members, names: Iterable<string>): void {
  // Null is a value of its own: it takes something away.
  for (const name of names) if (changes[name] === undefined) changes[name] = link[name];
}
