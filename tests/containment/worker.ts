/**
 * The program of a thread that is started by a file.
 *
 * @module
 */

import net from "node:net";
import { parentPort } from "node:worker_threads";
import { name, ports } from "./places.ts";

net.connect(ports.tcp, name)
  .on("data", (data) => parentPort!.postMessage(String(data)))
  .on("error", (error) => parentPort!.postMessage(String(error)));
