/**
 * The program of a namespace thread. It is bundled into one text (src/thread/program.ts), as only
 * text can start a thread from source, from node_modules and from every bundler's output.
 *
 * @module
 */

import { parentPort, workerData } from "node:worker_threads";
import { encodeError } from "../error_envelope.ts";
import type { FromThread, ThreadData, ToThread } from "../protocol.ts";
import { Calls } from "./calls.ts";
import { containFetch } from "./fetch/contain_fetch.ts";
import { installNames } from "./names/install.ts";
import { RemoteHandles } from "./remote_handles.ts";
import { installTranspilerHelpers } from "./transpiler_helpers.ts";
import { initialEnvironment, linkReader, networkNamespace, threadId } from "./where.ts";

function start(): void {
  const port = parentPort!;
  const { self, library, base, names } = workerData as ThreadData;
  const post = (message: FromThread) => port.postMessage(message);

  const readLink = linkReader(library, base);
  const found = networkNamespace(readLink);
  if (found !== `net:[${self.inode}]`) {
    post({ type: "refused", found });
    return;
  }

  const remote = new RemoteHandles(self, post);
  try {
    installNames(names, library, base);
  } catch (error) {
    post({ type: "failed", error: encodeError(error, remote.codec) });
    return;
  }
  containFetch(() => initialEnvironment(library, base));
  installTranspilerHelpers();
  const calls = new Calls(remote, post);
  port.on("message", (message: ToThread) => {
    switch (message.type) {
      case "call":
        calls.run(message);
        break;
      case "import":
        calls.exports(message);
        break;
      case "fetch":
        calls.fetch(message);
        break;
      case "read":
        calls.read(message);
        break;
      case "release":
        calls.release(message);
        break;
      case "abort":
        calls.abort(message);
        break;
      case "reply":
      case "failure":
        remote.settle(message);
        break;
    }
  });
  post({ type: "ready", tid: threadId(readLink) });
}

start();
