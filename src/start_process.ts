/**
 * Starting a process by posix_spawn(3): it borrows the memory of this one until its program is
 * there. The runtimes, Node most of all, take several times as long.
 *
 * @module
 */

import { O_CLOEXEC, O_PATH } from "../ffi/constants.ts";
import type { CString } from "../ffi/libc.ts";
import { freshSignals, STRUCTURE_SIZE } from "../ffi/structs.ts";
import { findAndStart, type Program } from "./execve.ts";
import { libc } from "./libc.ts";

/** What a process is given besides its program. */
export interface ProcessSetting {
  /** The descriptors of this process that become its standard streams. */
  readonly streams: readonly number[];
  /** Its working directory, where that is another one. */
  readonly cwd?: string | undefined;
}

const attributes = freshSignals();

/**
 * Starts a process in the namespaces of the calling thread: its process id, or `-errno`. Its caller
 * waits for it.
 */
export function startProcess(program: Program, { streams, cwd }: ProcessSetting): number {
  const c = libc();
  const actions = new Uint8Array(new ArrayBuffer(STRUCTURE_SIZE));
  const pid = new Uint8Array(new ArrayBuffer(4));
  c.posix_spawn_file_actions_init(actions);
  try {
    for (const [target, fd] of streams.entries()) {
      const result = c.posix_spawn_file_actions_adddup2(actions, fd, target);
      if (result < 0) return result;
    }
    if (cwd !== undefined) {
      const result = c.posix_spawn_file_actions_addchdir_np(actions, cwd);
      if (result < 0) return result;
    }
    const result = findAndStart(program, (path, argv, envp) => {
      // A process that finds no program costs as much as one that does.
      const missing = cwd === undefined || isAbsolute(path) ? lookUp(path) : 0;
      return missing < 0 ? missing : c.posix_spawn(pid, path, actions, attributes, argv, envp);
    });
    return result < 0 ? result : new DataView(pid.buffer).getInt32(0, true);
  } finally {
    c.posix_spawn_file_actions_destroy(actions);
  }
}

function isAbsolute(path: CString): boolean {
  return typeof path === "string" ? path.startsWith("/") : path[0] === 0x2f;
}

/** 0 where there is a file, or `-errno`. */
function lookUp(path: CString): number {
  const fd = libc().open(path, O_PATH | O_CLOEXEC, 0);
  return fd < 0 ? fd : libc().close(fd);
}
