import path from "node:path";
import test from "node:test";
import { skipButOnce } from "../helpers/requirements.ts";
import { root } from "../runner/runtimes.ts";
import { oneAtATime, succeed, tool } from "./project.ts";

test("publint, the type checker of packages and JSR's checks find nothing", {
  skip: skipButOnce(),
}, async () => {
  const check = [tool("tsx"), path.join(root, "scripts/check_package.ts")];
  await succeed([...oneAtATime, ...check], root);
});
