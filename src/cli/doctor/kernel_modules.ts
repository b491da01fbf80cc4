/**
 * Which kinds of links the kernel has, by the files of its modules: to look loads none.
 *
 * @module
 */

import { readFile } from "./files.ts";

/** Where a kind of link is: in the kernel, or in a module that is loaded when it is asked for. */
export type Availability = "present" | "loadable" | "missing";

/** Modules that are not called as their kind. */
const modules: Readonly<Record<string, string>> = { bond: "bonding", vlan: "8021q" };

/** The module that has a kind. */
export function moduleOf(kind: string): string {
  return modules[kind] ?? kind;
}

/** What tells about kinds; see modules.dep(5) and proc_modules(5). */
interface KernelModules {
  /** Names of modules that are loaded or part of the kernel. */
  readonly present: ReadonlySet<string>;
  /** Names of modules that are files. */
  readonly files: ReadonlySet<string>;
  /** Aliases, as `rtnl-link-veth`, of parts of the kernel. */
  readonly presentAliases: ReadonlySet<string>;
  /** Aliases of modules that are files. */
  readonly fileAliases: ReadonlySet<string>;
}

/** Reads what tells about kinds; undefined where the modules of the running kernel are not here. */
export function readKernelModules(): KernelModules | undefined {
  const release = readFile("/proc/sys/kernel/osrelease")?.trim();
  const directory = `/lib/modules/${release}`;
  const dependencies = readFile(`${directory}/modules.dep`);
  const builtin = readFile(`${directory}/modules.builtin`);
  if (dependencies === undefined && builtin === undefined) return undefined;
  const builtinInfo = readFile(`${directory}/modules.builtin.modinfo`) ?? "";
  return {
    present: new Set([...moduleNames(builtin ?? ""), ...loadedModules()]),
    files: new Set(moduleNames(dependencies ?? "")),
    presentAliases: new Set(
      Array.from(builtinInfo.matchAll(/\.alias=([^\0]*)/g), ([, alias]) => alias!),
    ),
    fileAliases: new Set(
      Array.from(
        (readFile(`${directory}/modules.alias`) ?? "").matchAll(/^alias (\S+)/gm),
        ([, alias]) => alias!,
      ),
    ),
  };
}

/** The modules that are loaded; none where the kernel knows no modules. */
export function loadedModules(): string[] {
  return (readFile("/proc/modules") ?? "").split("\n").flatMap((line) => line.split(" ")[0] || []);
}

/**
 * Whether the kernel can be asked for a kind without a module being loaded for it: it knows no
 * modules, or may load no more.
 */
export function loadsNoModules(): boolean {
  return readFile("/proc/modules") === undefined || mayLoadNoMore();
}

/** Whether modules that are not loaded will not be. */
function mayLoadNoMore(): boolean {
  return readFile("/proc/sys/kernel/modules_disabled")?.trim() === "1";
}

/** Where a kind of link is. */
export function availability(kind: string, known: KernelModules): Availability {
  const alias = `rtnl-link-${kind}`;
  const module = moduleOf(kind);
  if (known.present.has(module) || known.presentAliases.has(alias)) return "present";
  if (!known.files.has(module) && !known.fileAliases.has(alias)) return "missing";
  return mayLoadNoMore() ? "missing" : "loadable";
}

/** `kernel/drivers/net/veth.ko.xz: ...` is the module veth. */
function moduleNames(text: string): string[] {
  return Array.from(
    text.matchAll(/^(?:[^:\n]*\/)?([^/:\n]+)\.ko\b/gm),
    ([, name]) => name!.replaceAll("-", "_"),
  );
}
