/** The first program in the namespaces of `netns rootless`. @module */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { bringLoopbackUp } from "../../create.ts";
import { NetNSError } from "../../errors.ts";
import { here } from "../../position.ts";
import { become, stateOf } from "../become.ts";
import { type Command, UsageError } from "../command.ts";

const RUN = "/run";

/** Prepares the namespaces, and becomes the program. */
export const rootlessInit: Command = {
  name: "rootless-init",
  summary: "prepare the namespaces that `netns rootless` made, and run a program there",
  usage: "-- PROGRAM [ARGS...]",
  example: "netns rootless -- sh",
  program: { after: 0, unless: [] },
  run({ program }) {
    if (program.length === 0) throw new UsageError("name a program", rootlessInit);
    requireOwnUserNamespace();
    const state = stateOf(rootlessInit, { "no-mount": true });
    mountOwnRun();
    bringLoopbackUp("Cannot bring lo up");
    return become(here(), program, state);
  },
};

/** In the user namespace of the machine the mounts would hide the names of all who see them. */
function requireOwnUserNamespace(): void {
  const [map] = fs.readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
  if (!/^\s*0\s+0\s+4294967295$/.test(map!)) return;
  throw new UsageError("`netns rootless` runs this by itself: use that", rootlessInit);
}

/** A /run/netns of our own; where there is none, in a /run of our own that has what the other has. */
function mountOwnRun(): void {
  if (fs.existsSync(`${RUN}/netns`)) {
    return mount("-t", "tmpfs", "-o", "mode=755", "netns", `${RUN}/netns`);
  }
  const old = fs.mkdtempSync("/tmp/netns-rootless-");
  try {
    mount("--rbind", RUN, old);
    mount("-t", "tmpfs", "-o", "mode=755", "run", RUN);
    for (const entry of fs.readdirSync(old, { withFileTypes: true })) showAgain(entry, old);
    fs.mkdirSync(`${RUN}/netns`);
  } finally {
    spawnSync("umount", ["-l", old]);
    fs.rmdirSync(old);
  }
}

/** Makes an entry of the other /run one of our own. */
function showAgain(entry: fs.Dirent, old: string): void {
  const from = `${old}/${entry.name}`;
  const to = `${RUN}/${entry.name}`;
  if (entry.isSymbolicLink()) return fs.symlinkSync(fs.readlinkSync(from), to);
  if (entry.isDirectory()) fs.mkdirSync(to, { recursive: true });
  else fs.writeFileSync(to, "");
  mount("--rbind", from, to);
}

function mount(...args: string[]): void {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  if (status === 0) return;
  const problem = (error?.message ?? stderr).trim();
  throw new NetNSError(`Cannot prepare /run/netns: mount ${args.join(" ")}: ${problem}`, {
    code: "ERR_NETNS_UNSUPPORTED",
    cause: error,
  });
}
