/**
 * What keeps all that a thread does in its namespace.
 *
 * @module
 */

import module from "node:module";
import process from "node:process";
import type { NameConfiguration } from "../../dns/configuration.ts";
import { containFetch } from "./fetch/contain_fetch.ts";
import { containFiles } from "./files/contain_files.ts";
import { installNames } from "./names/install.ts";
import type { ReadLink } from "./where.ts";
import { initialEnvironment } from "./where_by_libc.ts";
import { containWorkers } from "./workers/install.ts";

/** What a thread has to know for that; it passes it on to the Workers that it starts. */
export interface Containment {
  /** Inode of the namespace. */
  inode: number;
  /** libc, as `NETNS_LIBC` names it. */
  library: string | undefined;
  /** Where packages are looked up from. */
  base: string;
  /** How names are resolved. */
  names: NameConfiguration;
  /** The text of this program. */
  program: string;
  /** The text that it evaluates late. */
  late: SharedArrayBuffer;
  /** Path of a directory that may be made for files which Bun starts Workers from. */
  directory: string;
  /** The flags of the thread that passes it on. */
  execArgv: readonly string[];
}

/**
 * Prepares the calling thread; to be called before it uses anything of the network.
 *
 * @param readLink Reads links on the calling thread.
 */
export function contain(containment: Containment, readLink: ReadLink): void {
  const { names, library, base } = containment;
  installNames(names, library, base);
  containFetch(() => initialEnvironment(library, base));
  containFiles(readLink);
  // What is mounted is there in the threads of this one, too.
  containWorkers({
    ...containment,
    names: { ...names, files: {} },
    execArgv: process.execArgv,
  }, readLink);
  module.syncBuiltinESMExports();
}
