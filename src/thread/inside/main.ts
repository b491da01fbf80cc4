/**
 * The program of a namespace thread. It is bundled into one text (src/thread/program.ts), as only
 * text can start a thread from source, from node_modules and from every bundler's output.
 *
 * @module
 */

import process from "node:process";
import { encodeError } from "../error_envelope.ts";
import { type FetchCall, type FromThread, parseBareCall, type PlainCalls } from "../protocol.ts";
import { Calls } from "./calls.ts";
import { contain, type Containment } from "./containment.ts";
import { removeEvalGlobals } from "./eval_globals.ts";
import { installTranspilerHelpers } from "./install_transpiler_helpers.ts";
import { useLate } from "./late.ts";
import { startNested } from "./nested.ts";
import { receiveFrom, takePort } from "./port.ts";
import { linkReader, networkNamespace, threadId } from "./where.ts";

/** In a Worker that a namespace thread started, what contains it. */
declare const netnsContainment: Containment | undefined;

function start(): void {
  const { port, data } = takePort();
  const { self, codeCache: _, lateCodeCache, ...rest } = data;
  const { library, base } = rest;
  const post = (message: FromThread) => port.postMessage(message);

  useLate(rest.late, lateCodeCache);
  const readLink = linkReader(library, base);
  const found = networkNamespace(readLink);
  if (found !== `net:[${self.inode}]`) {
    post({ type: "refused", found });
    return;
  }

  const calls = new Calls(self, post, () => threadId(readLink));
  try {
    contain({ ...rest, inode: self.inode, execArgv: process.execArgv }, readLink);
  } catch (error) {
    post({ type: "failed", error: encodeError(error, calls.codec) });
    return;
  }
  installTranspilerHelpers();
  removeEvalGlobals();
  receiveFrom(port, (message) => {
    if (typeof message === "string") {
      calls.runPlain(parseBareCall(message));
      return;
    }
    if (Array.isArray(message)) {
      if (isFetchCall(message)) calls.fetch(message);
      else calls.runPlain(message);
      return;
    }
    switch (message.type) {
      case "call":
        calls.run(message);
        break;
      case "import":
        calls.exports(message);
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
        calls.settle(message);
        break;
    }
  });
  post({ type: "ready", tid: threadId(readLink) });
}

function isFetchCall(message: PlainCalls | FetchCall): message is FetchCall {
  return typeof message[0] === "number";
}

if (typeof netnsContainment === "undefined") start();
else startNested(netnsContainment);
