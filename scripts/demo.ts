/**
 * `npm run demo`: the main job, step by step; in a user namespace where this process is not root.
 *
 * @module
 */

import process from "node:process";
import { runInUserNamespace } from "../tests/runner/user_namespace.ts";

const status = runInUserNamespace("the demo", "it cannot show anything");
if (status === undefined) await import("../examples/demo.ts");
else process.exitCode = status;
