/**
 * Which kinds of links the kernel can make.
 *
 * @module
 */

import type { Finding } from "./examine.ts";
import {
  availability,
  loadedModules,
  loadsNoModules,
  moduleOf,
  readKernelModules,
} from "./kernel_modules.ts";
import { kinds, tryKinds } from "./try_kinds.ts";

/**
 * Looks which kinds there are. They are tried, for which the kernel may load modules, only where it
 * will not, or where that is wanted.
 */
export async function examineKinds(
  { wanted, possible }: { wanted: boolean; possible: boolean },
): Promise<Finding[]> {
  if (wanted) return possible ? await examineByTrying() : [impossible];
  const known = readKernelModules();
  const names = kinds.map(({ kind }) => kind);
  if (known !== undefined) {
    const those = (where: string) => names.filter((kind) => availability(kind, known) === where);
    return [
      ...present(those("present")),
      ...finding("ok", "kinds of links with modules that the kernel loads", those("loadable")),
      ...missing(those("missing")),
    ];
  }
  if (possible && loadsNoModules()) return await examineByTrying();
  const loaded = loadedModules();
  return [
    ...present(names.filter((kind) => loaded.includes(moduleOf(kind)))),
    possible ? unknown : { ...unknown, remedy: impossible.remedy },
  ];
}

async function examineByTrying(): Promise<Finding[]> {
  const tried = await tryKinds();
  return [
    ...present(tried.made),
    ...missing(tried.missing),
    ...tried.failed.map(({ kind, error }): Finding => ({
      state: "warning",
      what: `a link of kind ${kind} cannot be made: ${error.message}`,
      remedy: error.hint,
    })),
  ];
}

const impossible: Finding = {
  state: "warning",
  what: "kinds of links cannot be tried without CAP_SYS_ADMIN and CAP_NET_ADMIN",
  remedy: "run as root, or netns rootless -- netns doctor --try",
};

const unknown: Finding = {
  state: "warning",
  what: "not all kinds of links are known: the files of the modules of this kernel are not here",
  remedy: "netns doctor --try tries them, for which the kernel may load modules",
};

function present(names: readonly string[]): Finding[] {
  return finding("ok", "kinds of links", names);
}

function missing(names: readonly string[]): Finding[] {
  const remedy = loadsNoModules()
    ? "this kernel loads no modules: they must be part of it"
    : `install and load their modules: modprobe -a ${names.map(moduleOf).join(" ")}`;
  return finding("warning", "kinds of links that this kernel does not have", names, remedy);
}

function finding(
  state: Finding["state"],
  what: string,
  names: readonly string[],
  remedy?: string,
): Finding[] {
  return names.length === 0 ? [] : [{ state, what: `${what}: ${names.join(" ")}`, remedy }];
}
