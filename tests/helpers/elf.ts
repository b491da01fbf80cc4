/**
 * Names that a shared library gives to programs: its dynamic symbol table; see elf(5).
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import fs from "node:fs";

const SHT_DYNSYM = 11;
const SHN_UNDEF = 0;

/** The names of the defined dynamic symbols of a 64-bit little-endian library. */
export function dynamicSymbols(file: string): Set<string> {
  const elf = fs.readFileSync(file);
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2) throw new Error(`${file}: no 64-bit ELF`);
  const sections = sectionHeaders(elf);
  const table = sections.find(({ type }) => type === SHT_DYNSYM);
  if (table === undefined) throw new Error(`${file}: no dynamic symbols`);
  const names = sections[table.link]!;
  const found = new Set<string>();
  for (let at = table.offset; at < table.offset + table.size; at += 24) {
    if (elf.readUInt16LE(at + 6) === SHN_UNDEF) continue;
    const start = names.offset + elf.readUInt32LE(at);
    found.add(elf.toString("latin1", start, elf.indexOf(0, start)));
  }
  return found;
}

interface Section {
  type: number;
  offset: number;
  size: number;
  link: number;
}

function sectionHeaders(elf: Buffer): Section[] {
  const start = Number(elf.readBigUInt64LE(0x28));
  const size = elf.readUInt16LE(0x3a);
  return Array.from({ length: elf.readUInt16LE(0x3c) }, (_, index) => {
    const at = start + index * size;
    return {
      type: elf.readUInt32LE(at + 4),
      offset: Number(elf.readBigUInt64LE(at + 24)),
      size: Number(elf.readBigUInt64LE(at + 32)),
      link: elf.readUInt32LE(at + 40),
    };
  });
}
