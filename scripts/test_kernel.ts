/**
 * Runs the netlink tests on another kernel, which has link kinds and queueing disciplines that this
 * machine's may lack: `npm run test:kernel -- [node|node26|deno|bun ...] [--only TEXT]`.
 *
 * The kernel is user-mode-linux of Debian. As root, apt installs what is missing; where it cannot be
 * had, nothing runs, and that is no failure.
 *
 * @module
 */

import process from "node:process";
import { stopGuests } from "../tests/kernels/guest.ts";
import { kernelTestFiles, printKernel, runKernelSuite } from "../tests/kernels/suite.ts";
import { findKernel } from "../tests/kernels/user_mode_linux.ts";
import { readSelection, type Selection } from "../tests/runner/arguments.ts";
import { leaveModulesPath, runtimeNames } from "../tests/runner/runtimes.ts";
import { closingLine, count, printFile, printSkips } from "../tests/runner/summary.ts";

async function main({ names, only }: Selection): Promise<number> {
  const kernel = findKernel({ install: true });
  if ("missing" in kernel) {
    console.log(`kernel: not run: ${kernel.missing}`);
    return 0;
  }
  const files = kernelTestFiles(only);
  const runtimes = names.length === 0 ? runtimeNames : names;
  const results = await runKernelSuite(kernel, runtimes, files, printFile);

  console.log();
  printSkips(results);
  if (results.length > 0) printKernel(results);
  else console.log(`no netlink test is there whose path contains "${only}"`);
  const counts = count(results);
  const failed = counts.failed + (results.length === 0 ? 1 : 0);
  console.log(closingLine({ ...counts, failed }));
  return failed === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    void stopGuests().finally(() => process.exit(1));
  });
}

leaveModulesPath();
process.exitCode = await main(readSelection("npm run test:kernel"));
