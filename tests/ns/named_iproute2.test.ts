import assert from "node:assert/strict";
import { scenarios } from "../fixtures/iproute2_scenarios.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "unshare" }),
);
const script = new URL("../fixtures/iproute2.ts", import.meta.url);
const emptyRun = 'mount -t tmpfs tmpfs /run && exec "$@"';
const prefix = ["unshare", "--mount", "--propagation", "private", "sh", "-c", emptyRun, "sh"];

for (const [scenario, name] of Object.entries(scenarios)) {
  leakChecked(name, { skip }, async () => {
    const { stdout, stderr, exitCode } = await runScript(script, { prefix, args: [scenario] });
    assert.equal(stderr, "");
    assert.deepEqual([stdout, exitCode], ["as expected\n", 0]);
  });
}
