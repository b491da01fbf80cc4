/**
 * Looks at all that decides whether network namespaces can be used here.
 *
 * @module
 */

import os from "node:os";
import process from "node:process";
import { isNetNSError, isSupported, NetNS } from "../../../mod.ts";
import { explainLimit } from "./limits.ts";
import { examineKinds } from "./kinds.ts";
import { examineNames } from "./names.ts";
import { examinePrivileges, has } from "./privileges.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly state: "ok" | "warning" | "failed";
  /** What is so. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** Everything that was found. */
export interface Examination {
  /** Whether a namespace could be created. */
  readonly canCreate: boolean;
  readonly findings: readonly Finding[];
}

/** What is looked at. */
export interface ExamineOptions {
  /** The directory of the names. */
  readonly dir: string;
  /** Whether links are added to see which kinds there are. */
  readonly tryKinds: boolean;
}

/** Looks at the machine and this process. */
export async function examine({ dir, tryKinds }: ExamineOptions): Promise<Examination> {
  const findings: Finding[] = [{ state: "ok", what: `${runtime()}, ${system()}` }];
  const support = isSupported();
  if (!support.ok) {
    findings.push({ state: "failed", what: support.reason, remedy: support.hint });
    return { canCreate: false, findings };
  }
  findings.push({ state: "ok", what: "libc can be called (FFI)" }, ...examinePrivileges());
  const creation = await create();
  findings.push(creation);
  const canCreate = creation.state === "ok";
  findings.push(...examineNames(dir));
  const possible = canCreate && has("CAP_NET_ADMIN");
  findings.push(...await examineKinds({ wanted: tryKinds, possible }));
  return { canCreate, findings };
}

function runtime(): string {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}

/** Deno may forbid to ask. */
function system(): string {
  try {
    return `${os.type()} ${os.release()}`;
  } catch {
    return process.platform;
  }
}

/** The only sure way to know is to do it; with `lo` down, as to bring it up takes more rights. */
async function create(): Promise<Finding> {
  try {
    await NetNS.create({ loopback: false }).close();
    return { state: "ok", what: "a network namespace can be created" };
  } catch (error) {
    if (!isNetNSError(error)) throw error;
    const remedy = error.code === "ENOSPC" ? explainLimit() : error.hint;
    return { state: "failed", what: error.message, remedy };
  }
}
