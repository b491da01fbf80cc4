import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { skipAny, skipButOnce, skipIf, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { root, type RuntimeName, runtimeNames } from "../runner/runtimes.ts";
import {
  allRight,
  assertAllRight,
  installProject,
  koffiPackages,
  pack,
  program,
  runFile,
  succeed,
  tool,
} from "./project.ts";

const once = skipButOnce();
const skip = skipAny(once, skipUnlessPrivileged());
const missing = (name: RuntimeName) => skipIf(!program(name), `${name} is not installed`);

let directory = "";
const user = () => path.join(directory, "user");
const smoke = () => path.join(user(), "smoke.js");

if (once === false) {
  before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-package-"));
    const tarball = await pack(directory);
    await installProject(user(), [tarball, ...koffiPackages()]);
    await installProject(path.join(directory, "without koffi"), [tarball]);
  });
  after(() => fs.rmSync(directory, { recursive: true, force: true }));
}

for (const name of runtimeNames) {
  test(
    `the installed package works on ${name}`,
    { skip: skipAny(skip, missing(name)) },
    async () => {
      await assertAllRight(runFile(name, smoke()));
    },
  );
}

for (const name of runtimeNames) {
  test(
    `the installed command works on ${name}`,
    { skip: skipAny(skip, missing(name)) },
    async () => {
      const { version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
      const command = runFile(name, path.join(user(), "node_modules/.bin/netns"));
      assert.equal(await succeed([...command, "--version"], "/"), `${version}\n`);
      const place = await succeed([...command, "run", "--new", "place.js"], user());
      assert.match(place, /^net:\[\d+\]\n$/);
      assert.notEqual(place.trim(), fs.readlinkSync("/proc/self/ns/net"));
    },
  );
}

test("the installed command runs by its own name", { skip }, async () => {
  const command = path.join(user(), "node_modules/.bin/netns");
  assert.match(await succeed([command, "--help"], "/"), /^Usage: netns \[COMMAND\]/);
});

test("the installed package needs only --allow-ffi in Deno", { skip }, async () => {
  const output = await succeed(runFile("deno", smoke(), ["--allow-ffi"]), user());
  assert.deepEqual(JSON.parse(output), { ...allRight, inDo: "not to be read" });
});

test("koffi is optional where the runtime has FFI of its own", { skip }, async () => {
  const bare = path.join(directory, "without koffi");
  assert.ok(!fs.existsSync(path.join(bare, "node_modules/koffi")));
  for (const name of ["node26", "deno", "bun"] as const) {
    if (program(name)) await assertAllRight(runFile(name, path.join(bare, "smoke.js")));
  }
});

test("declarations are complete for a user who has the types of Node alone", {
  skip: once,
}, async () => {
  fs.writeFileSync(
    path.join(user(), "user.ts"),
    `import { isSupported, NetNS, NetNSError } from "@netns/netns";
     const ns: NetNS = NetNS.create();
     const length: number = await ns.do((text) => text.length, "text");
     const code: string = new NetNSError("x", { code: "EPERM" }).code;
     // @ts-expect-error: a string is no number
     const wrong: string = await ns.do(() => 1);
     export default [length, code, wrong, isSupported().ok];`,
  );
  const { compilerOptions: { strict } } = JSON.parse(
    fs.readFileSync(path.join(root, "tsconfig.json"), "utf8"),
  );
  assert.ok(strict);
  for (const resolution of ["nodenext", "bundler"]) {
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    fs.writeFileSync(
      path.join(user(), "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict,
          module,
          moduleResolution: resolution,
          target: "es2022",
          lib: ["es2022", "esnext.disposable"],
          typeRoots: [path.join(root, "node_modules/@types")],
          types: ["node"],
          noEmit: true,
        },
        files: ["user.ts"],
      }),
    );
    await succeed([tool("tsc"), "--project", "."], user());
  }
});

test("the package holds what is published, and nothing else", { skip: once }, () => {
  const installed = path.join(user(), "node_modules/@netns/netns");
  const files = fs.readdirSync(installed, { recursive: true, encoding: "utf8" })
    .filter((file) => fs.statSync(path.join(installed, file)).isFile());
  const top = files.filter((file) => !file.startsWith("dist/"));
  const expected = ["CHANGELOG.md", "LICENSE", "README.md", "man/netns.1", "package.json"];
  assert.deepEqual(top.sort(), expected);
  const modules = files.filter((file) => file.startsWith("dist/"));
  assert.ok(modules.includes("dist/mod.js") && modules.includes("dist/mod.d.ts"));
  assert.deepEqual(
    modules.filter((file) => !/^dist\/(mod|chunks\/.+|src\/.+|ffi\/.+)\.(js|d\.ts)$/.test(file)),
    [],
  );
});

test("npm and JSR users get the same exports", { skip: once }, async () => {
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
  const npm = read("package.json");
  const jsr = read("deno.json");
  for (const key of ["name", "version", "license"]) assert.equal(npm[key], jsr[key]);
  assert.deepEqual(
    Object.keys(npm.exports).filter((entry) => entry !== "./package.json"),
    Object.keys(jsr.exports).filter((entry) => entry !== "./cli"),
  );
  assert.equal(npm.bin.netns, jsr.exports["./cli"].replace(/^\./, "dist").replace(/ts$/, "js"));
  const installed = await import(path.join(user(), "node_modules/@netns/netns/dist/mod.js"));
  const source = await import("../../mod.ts");
  assert.deepEqual(Object.keys(installed).sort(), Object.keys(source).sort());
});
