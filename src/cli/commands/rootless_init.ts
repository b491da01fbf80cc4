/** The first program in the namespaces of `netns rootless`. @module */

import fs from "node:fs";
import { MNT_DETACH, MS_BIND, MS_REC } from "../../../ffi/constants.ts";
import { bringLoopbackUp } from "../../create.ts";
import { unwrap } from "../../errors.ts";
import { libc } from "../../libc.ts";
import { withSharedDirectory } from "../../named_directory.ts";
import { here } from "../../position.ts";
import { isFirstUserNamespace } from "../../user_namespace.ts";
import { become, stateOf } from "../become.ts";
import { type Command, UsageError } from "../command.ts";

const RUN = "/run";

/** The names, and beside them who owns which. */
const directories = ["netns", "netns.owners"].map((name) => `${RUN}/${name}`);

/** Prepares the namespaces, and becomes the program. */
export const rootlessInit: Command = {
  name: "rootless-init",
  summary: "prepare the namespaces that `netns rootless` made, and run a program there",
  usage: "-- PROGRAM [ARGS...]",
  example: "netns rootless -- sh",
  program: { positionalsBefore: 0, optionsInstead: [] },
  run({ program }) {
    // There the mounts would hide the names of all who see them.
    if (isFirstUserNamespace()) {
      throw new UsageError("`netns rootless` runs this by itself: use that", rootlessInit);
    }
    const state = stateOf(rootlessInit, { "no-mount": true });
    prepareRun();
    bringLoopbackUp("Cannot bring lo up");
    return become(here(), program, state);
  },
};

const action = "Cannot prepare /run/netns";

/**
 * Directories of our own for names and their owners, for both of which the other ones are somebody
 * else's; where a mount point is missing, in a /run of our own that has what the other has.
 */
function prepareRun(): void {
  if (directories.every((directory) => fs.existsSync(directory))) {
    for (const directory of directories) mountEmpty(directory);
  } else {
    mountOwnRun();
  }
  withSharedDirectory(`${RUN}/netns`, action, () => {});
}

function mountOwnRun(): void {
  const old = fs.mkdtempSync("/tmp/netns-rootless-");
  try {
    bind(RUN, old);
    mountEmpty(RUN);
    for (const entry of fs.readdirSync(old, { withFileTypes: true })) {
      if (!directories.includes(`${RUN}/${entry.name}`)) showAgain(entry, old);
    }
  } finally {
    libc().umount2(old, MNT_DETACH);
    fs.rmdirSync(old);
  }
}

/** Makes an entry of the other /run one of our own. */
function showAgain(entry: fs.Dirent, old: string): void {
  const from = `${old}/${entry.name}`;
  const to = `${RUN}/${entry.name}`;
  if (entry.isSymbolicLink()) return fs.symlinkSync(fs.readlinkSync(from), to);
  if (entry.isDirectory()) fs.mkdirSync(to);
  else fs.writeFileSync(to, "");
  bind(from, to);
}

function mountEmpty(directory: string): void {
  mount("tmpfs", directory, "tmpfs", 0);
  fs.chmodSync(directory, 0o755);
}

function bind(from: string, to: string): void {
  mount(from, to, "none", MS_BIND | MS_REC);
}

function mount(source: string, path: string, type: string, flags: number): void {
  unwrap(libc().mount(source, path, type, flags, null), { action, syscall: "mount", path });
}
