/**
 * What a link does as a port of its master: `IFLA_INFO_SLAVE_KIND` and `IFLA_INFO_SLAVE_DATA`.
 *
 * @module
 */

import { wrongType } from "../../check.ts";
import {
  type AttributeTable,
  attributeTable,
  type JointMembers,
  type Members,
} from "../codec/attribute_table.ts";
import { readAttributes, writeAttributes } from "../codec/attributes.ts";
import { checkMembers } from "../codec/nests.ts";
import { portTables } from "./kinds/mod.ts";

const withoutOptions: AttributeTable = attributeTable({}, {});

function tableOf({ port }: Members): AttributeTable {
  return portTables.get((port as Members | undefined)?.kind as string) ?? withoutOptions;
}

/** The kind of the master, which is that of `port`. */
export const portKind: readonly [JointMembers] = [{
  joint: {
    names: ["port"],
    write(writer, { port }, option) {
      if (port === undefined) return false;
      if (typeof port !== "object" || port === null) {
        throw wrongType(`${option}.port`, "an object", port);
      }
      const { kind } = port as Members;
      if (typeof kind !== "string" || kind === "") {
        throw wrongType(`${option}.port.kind`, "the kind of the master", kind);
      }
      writer.text(kind);
      return true;
    },
    read(reader, start, end, members) {
      members.port = { kind: reader.text(start, end) };
      return true;
    },
  },
}];

/** The other members of `port`. */
export const portData: readonly [JointMembers] = [{
  joint: {
    names: [],
    nested: tableOf,
    write(writer, members, option) {
      const { port } = members;
      if (port === undefined) return false;
      const table = tableOf(members);
      checkMembers(`${option}.port`, port, table, ["kind"]);
      writeAttributes(writer, table, port, `${option}.port`);
      return true;
    },
    read(reader, start, end, members) {
      const { port } = members;
      if (port === undefined) return false;
      readAttributes(reader, start, end, tableOf(members), port as Members);
      return true;
    },
  },
}];
