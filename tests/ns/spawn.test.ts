import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { home } from "../../src/position.ts";
import { spawnInside, type SpawnOptions } from "../../src/spawn.ts";
import { collectorThreads, leakChecked } from "../helpers/leak_check.ts";
import { threads } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };

/** What a child writes until it ends. */
async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout!.on("data", (chunk) => text += String(chunk));
  await once(child, "close");
  return text;
}

leakChecked(
  "a child process is inside, and the caller stays where it is",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const child = spawnInside(namespace, "readlink", ["/proc/self/ns/net"]);
      assert.equal(whereAmI(), home().inode);
      assert.equal(await outputOf(child), `net:[${namespace.inode}]\n`);
      assert.equal(child.exitCode, 0);
    }),
);

leakChecked(
  "the processes that a child starts are inside too",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "readlink /proc/self/ns/net; (readlink /proc/self/ns/net)";
      const output = await outputOf(spawnInside(namespace, "sh", ["-c", script]));
      assert.equal(output, `net:[${namespace.inode}]\n`.repeat(2));
    }),
);

leakChecked(
  "starting processes leaves no thread of the runtime inside",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      await Promise.all(
        Array.from({ length: 8 }, () => once(spawnInside(namespace, "true"), "close")),
      );
      const elsewhere = threads().filter(({ name, netns }) =>
        netns !== `net:[${home().inode}]` && !collectorThreads.test(name)
      );
      assert.deepEqual(elsewhere, []);
    }),
);

leakChecked(
  "a child process inherits no descriptor of a namespace",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const child = spawnInside(namespace, "ls", ["-l", "/proc/self/fd"]);
      assert.doesNotMatch(await outputOf(child), /net:\[/);
    }),
);

leakChecked(
  "the options of child_process.spawn apply",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const child = spawnInside(namespace, "sh", ["-c", 'echo "$PWD $COLOR"; cat <&3'], {
        cwd: "/usr",
        env: { PATH: process.env["PATH"], COLOR: "blue" },
        stdio: ["ignore", "pipe", "inherit", "pipe"],
      });
      const pipe = child.stdio[3] as import("node:stream").Duplex;
      pipe.end("from the parent");
      assert.equal(await outputOf(child), "/usr blue\nfrom the parent");
    }),
);

leakChecked(
  "a program that is not there gives an error event",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const child = spawnInside(namespace, "/nonexistent/program");
      const [error] = await once(child, "error");
      assert.equal(error.code, "ENOENT");
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked(
  "arguments reach the program as they are",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const args = ["$HOME", "`id`", "a b", "", "'", "é\n;", "*"];
      const output = await outputOf(spawnInside(namespace, "printf", ["[%s]", ...args]));
      assert.equal(output, args.map((arg) => `[${arg}]`).join(""));
    }),
);

leakChecked("a shell is refused, with the reason", privileged, () =>
  inNamespace((namespace) => {
    for (const shell of [true, "/bin/sh"]) {
      const options = { shell } as SpawnOptions;
      assert.throws(() => spawnInside(namespace, "true", [], options), {
        name: "TypeError",
        message: /^options\.shell cannot be used, as a shell/,
      });
    }
  }));

leakChecked(
  "commands and arguments that cannot be passed on are refused",
  privileged,
  () =>
    inNamespace((namespace) => {
      const refused: [unknown, unknown, RegExp][] = [
        ["", [], /^command must be/],
        ["a\0b", [], /^command must be/],
        [undefined, [], /^command must be a string: current value is undefined/],
        ["true", "-x", /^args must be an array of strings: current value is "-x"/],
        ["true", ["ok", 1], /^args\[1\] must be a string without NUL: current value is 1/],
        ["true", ["a\0b"], /^args\[0\] must be a string without NUL/],
      ];
      for (const [command, args, message] of refused) {
        assert.throws(() => spawnInside(namespace, command as string, args as string[]), {
          message,
        });
      }
    }),
);

leakChecked("nothing is started in a closed namespace", privileged, async () => {
  const namespace = await inNamespace((namespace) => namespace);
  assert.throws(() => spawnInside(namespace, "true"), { code: "ERR_NETNS_CLOSED" });
});
