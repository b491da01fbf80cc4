/**
 * Objects whose options depend on their kind: qdiscs, classes, filters, actions.
 *
 * @module
 */

import { checkOptions, wrongType } from "../../check.ts";
import { type AttributeTable, memberNames, type Members } from "../codec/attribute_table.ts";
import { writeAttributes } from "../codec/attributes.ts";
import type { MessageWriter } from "../codec/message_writer.ts";

/** The options of one kind. */
export interface OptionsOfKind {
  /** What stands in its attribute. */
  readonly table: AttributeTable;
  /** The members that a caller knows, where they are not those of the table. */
  readonly options?: readonly string[];
  /** Makes the members of the table from those of the caller. */
  readonly encode?: (members: Members, option: string) => Members;
  /** Makes the members of the caller from those of the table, in place. */
  readonly decode?: (members: Members) => void;
}

/** Kinds by name. */
export type Kinds = ReadonlyMap<string, OptionsOfKind>;

const withoutOptions: readonly string[] = [];

/** The options of a kind in a nest; those of a kind that is not known stay raw. */
export function tableOf(kinds: Kinds): (members: Members) => AttributeTable | undefined {
  return ({ kind }) => kinds.get(kind as string)?.table;
}

/** Requires an object of a kind, with no members but those that it may have. */
export function checkKinded(
  option: string,
  value: unknown,
  kinds: Kinds,
  common: readonly string[],
): asserts value is Members {
  if (typeof value !== "object" || value === null) throw wrongType(option, "an object", value);
  const { kind } = value as Members;
  if (typeof kind !== "string" || kind === "") throw wrongType(`${option}.kind`, "a kind", kind);
  checkOptions(option, value, ["kind", ...common, ...optionsOf(kinds.get(kind)), "attributes"]);
}

function optionsOf(kind: OptionsOfKind | undefined): Iterable<string> {
  if (kind === undefined) return withoutOptions;
  return kind.options ?? memberNames(kind.table, {});
}

/** Appends an object of a kind. */
export function writeKinded(
  writer: MessageWriter,
  members: Members,
  option: string,
  table: AttributeTable,
  kinds: Kinds,
): void {
  const encode = kinds.get(members.kind as string)?.encode;
  const encoded = encode === undefined ? members : { ...members, ...encode(members, option) };
  writeAttributes(writer, table, encoded, option);
}
