/**
 * All rows of the table, and the function that carries one out.
 *
 * @module
 */

import type { RuntimeName } from "../../runner/runtimes.ts";
import { bunGroup } from "./bun.ts";
import { childGroup } from "./children.ts";
import { denoGroup } from "./deno.ts";
import { fetchGroup, webSocketGroup } from "./fetch.ts";
import { fileGroup, interfaceGroup } from "./files.ts";
import { inspectorGroup } from "./inspector.ts";
import { dnsGroup } from "./names.ts";
import { nodeFetchGroup, requestGroup, undiciGroup, wsGroup } from "./packages.ts";
import type { Group, Row } from "./row.ts";
import { dgramGroup, netGroup, tlsGroup } from "./sockets.ts";
import { http2Group, httpGroup, httpsGroup } from "./web.ts";
import { workerGroup } from "./workers.ts";

export type { Group, Row } from "./row.ts";

/** The groups, in the order of the table. */
export const groups: readonly Group[] = [
  netGroup,
  tlsGroup,
  dgramGroup,
  httpGroup,
  httpsGroup,
  http2Group,
  fetchGroup,
  webSocketGroup,
  undiciGroup,
  nodeFetchGroup,
  requestGroup,
  wsGroup,
  dnsGroup,
  childGroup,
  workerGroup,
  interfaceGroup,
  fileGroup,
  inspectorGroup,
  bunGroup,
  denoGroup,
];

/** Whether a runtime has the API of a row. */
export function has(runtime: RuntimeName, row: Row): boolean {
  return row.on?.includes(runtime) ?? true;
}

/** Who answered, or the error that was thrown. */
export type Answer = { answer: string } | { code: string | undefined; error: string };

/** Carries a row out where the function is called. */
export async function ask(name: string): Promise<Answer> {
  const row = groups.flatMap(({ rows }) => rows).find((row) => row.name === name);
  try {
    return { answer: await row!.ask() };
  } catch (error) {
    return { code: codeOf(error), error: describe(error) };
  }
}

/** The code of an error, or of what caused it: clients wrap the errors that they get. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  const caused = cause === undefined ? undefined : codeOf(cause);
  return caused?.startsWith("ERR_NETNS_") ? caused : typeof code === "string" ? code : caused;
}

function describe(error: unknown): string {
  const { stack, cause } = (error ?? {}) as { stack?: string; cause?: unknown };
  return (stack ?? String(error)) + (cause === undefined ? "" : `\ncause: ${describe(cause)}`);
}
