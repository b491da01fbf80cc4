/**
 * The program of the poll thread: waits in poll(2) and tells which descriptors can be read, each
 * once. It is bundled into one text (src/poll/program.ts), as that of namespace threads is.
 *
 * @module
 */

import { createRequire } from "node:module";
import { constants } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { MSG_DONTWAIT } from "../../../ffi/constants.ts";
import type { Libc } from "../../../ffi/libc.ts";
import { openLibc } from "../../../ffi/mod.ts";
import { isThere, threadId } from "../../thread/kernel_thread.ts";
import { type FromPollThread, MAX_COMMANDS, type PollData, QUIT } from "../protocol.ts";
import { PollSet } from "./poll_set.ts";

const commands = new Uint8Array(new ArrayBuffer(4 * MAX_COMMANDS));
const view = new DataView(commands.buffer);

function run(libc: Libc, { wake, parent, lookUpAfter }: PollData): void {
  const post = (message: FromPollThread) => parentPort!.postMessage(message);
  const set = new PollSet();
  set.add(wake);
  post({ tid: threadId(libc) });
  for (;;) {
    const count = libc.poll(set.bytes, set.length, lookUpAfter);
    if (count === 0 && !isThere(libc, parent)) return;
    if (count === 0 || count === -constants.errno.EINTR) continue;
    if (count < 0) throw new Error(`poll failed with errno ${-count}`);
    const readable = set.ready().filter((fd) => fd !== wake);
    for (const fd of readable) set.delete(fd);
    if (readable.length > 0) post({ readable });
    if (!obey(libc, wake, set)) return;
  }
}

/** Takes the commands that are there; false when one is to end. */
function obey(libc: Libc, wake: number, set: PollSet): boolean {
  for (;;) {
    const length = libc.recv(wake, commands, commands.byteLength, MSG_DONTWAIT);
    if (length < 0) return true;
    for (let at = 0; at + 4 <= length; at += 4) {
      const command = view.getInt32(at, true);
      if (command === QUIT) return false;
      if (command >= 0) set.add(command);
      else set.delete(~command);
    }
  }
}

const data = workerData as PollData;
run(openLibc({ library: data.library, require: createRequire(data.base) }), data);
