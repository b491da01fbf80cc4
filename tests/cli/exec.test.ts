/** `netns exec` and `netns run`: the program in place of the command, wherever it is to run. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { commandLine, netns, type Place, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import fs from "node:fs";
import path from "node:path";

const skip = skipAny(skipUnlessPrivileged(), skipWithout({ command: "nsenter" }));

/** A test where the names `blue` and `-x y` are there, and no others. */
function executing(name: string, run: (place: Place) => Promise<void>): void {
  leakChecked(name, { skip }, () =>
    withOwnRun(async (place) => {
      await place.check("mkdir", "/run/netns");
      for (const name of ["blue", "-x y"]) {
        await place.check("touch", "--", `/run/netns/${name}`);
        const args = ["mount", "--bind", "/proc/self/ns/net", `/run/netns/${name}`];
        await place.check("unshare", "--net", "--", ...args);
      }
      await run(place);
    }));
}

const inodeOf = async (place: Place, name: string) =>
  `net:[${(await place.check("stat", "-c", "%i", `/run/netns/${name}`)).trim()}]`;

executing("the program has the id of the command, and its streams", async (place) => {
  const show = "echo $$; readlink /proc/self/ns/net; cat >&2";
  const own = commandLine("exec", "blue", "--", "sh", "-c", show);
  const [program, ...args] = [...place.prefix, ...own] as [string, ...string[]];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = once(child, "close");
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => output[name] += text);
  }
  child.stdin.end("through");
  assert.deepEqual(await ended, [0, null]);
  // nsenter(1) becomes the command, too.
  const expected = `${child.pid}\n${await inodeOf(place, "blue")}\n`;
  assert.deepEqual(output, { stdout: expected, stderr: "through" });
});

executing("exit codes are those of the program, or of a shell", async (place) => {
  assert.equal((await place.netns("exec", "blue", "sh", "-c", "exit 7")).exitCode, 7);
  const killed = await place.netns("exec", "blue", "--", "sh", "-c", "kill -TERM $$");
  assert.deepEqual([killed.exitCode, killed.signal], [null, "SIGTERM"]);

  const missing = await place.netns("exec", "blue", "no-such-program");
  assert.equal(missing.exitCode, 127);
  assert.match(missing.stderr, /^netns: Cannot execute "no-such-program": .*ENOENT\n +hint: /);
  const plain = await place.netns("exec", "blue", "/etc/passwd");
  assert.equal(plain.exitCode, 126);
  assert.match(plain.stderr, /EACCES\n +hint: /);
  const nowhere = await place.netns("exec", "green", "true");
  assert.deepEqual([nowhere.exitCode, nowhere.stdout], [1, ""]);
  assert.match(nowhere.stderr, /green/);
});

executing("options before the program are ours, those after it are its own", async (place) => {
  const echo = (...args: string[]) => place.succeed("exec", ...args);
  assert.equal(await echo("blue", "printf", "%s|", "--no-mount", "--", "-h"), "--no-mount|--|-h|");
  assert.equal(
    await echo("--name=-x y", "readlink", "/proc/self/ns/net"),
    `${await inodeOf(place, "-x y")}\n`,
  );
  const wrong = [
    ["blue"],
    ["--no-such", "blue", "true"],
    ["--path=/proc/self/ns/net", "--pid=1", "true"],
    ["--pid", "x", "true"],
    ["", "true"],
  ];
  await Promise.all(wrong.map(async (args) => {
    const { exitCode, stdout, stderr } = await netns(["exec", ...args]);
    assert.deepEqual([exitCode, stdout], [2, ""], `${args}: ${stderr}`);
    assert.match(stderr, /^netns: /);
  }));
  const several: [args: string[], told: string][] = [
    [["--name=a", "--pid", "1", "true"], "--name and --pid are both given"],
    [["blue", "--pid", "1", "true"], "blue and --pid are both given"],
    [["-a", "--pid=1", "--path=x", "true"], "--all and --path and --pid are all given"],
  ];
  await Promise.all(several.map(async ([args, told]) => {
    const { exitCode, stderr } = await netns(["exec", ...args]);
    assert.equal(exitCode, 2);
    assert.ok(stderr.startsWith(`netns: name only one: ${told}\n`), stderr);
  }));
});

executing("--path and --pid name a namespace, too; --no-mount leaves /sys", async (place) => {
  const blue = await inodeOf(place, "blue");
  const path = ["exec", "--path", "/run/netns/blue"];
  const links = "readlink /proc/self/ns/net; ls /sys/class/net";
  assert.equal(await place.succeed(...path, "sh", "-c", links), `${blue}\nlo\n`);
  const all = await place.check("ls", "/sys/class/net");
  assert.equal(await place.succeed(...path, "--no-mount", "sh", "-c", links), `${blue}\n${all}`);

  const [nsenter, ...args] = place.prefix as [string, ...string[]];
  const sleeper = spawn(nsenter, [...args, "nsenter", "--net=/run/netns/blue", "sleep", "600"]);
  try {
    await once(sleeper, "spawn");
    while (fs.readlinkSync(`/proc/${sleeper.pid}/ns/net`) !== blue) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const pid = ["exec", `--pid=${sleeper.pid}`, "--", "readlink", "/proc/self/ns/net"];
    assert.equal(await place.succeed(...pid), `${blue}\n`);
  } finally {
    sleeper.kill("SIGKILL");
    await once(sleeper, "exit");
  }
});

executing("--all runs it in each, and tells the first failure", async (place) => {
  const script = "readlink /proc/self/ns/net; test $(ls /run/netns | wc -l) = 2 || exit 9";
  const { stdout, stderr, exitCode } = await place.netns("exec", "--all", "sh", "-c", script);
  const [other, blue] = await Promise.all([inodeOf(place, "-x y"), inodeOf(place, "blue")]);
  assert.deepEqual({ stdout, stderr, exitCode }, {
    stdout: `\nnetns: -x y\n${other}\n\nnetns: blue\n${blue}\n`,
    stderr: "",
    exitCode: 0,
  });
  const failing = `test $(readlink /proc/self/ns/net) = '${other}' && kill -KILL $$; exit 3`;
  const failed = await place.netns("exec", "-a", "sh", "-c", failing);
  assert.deepEqual([failed.exitCode, failed.stdout], [137, "\nnetns: -x y\n\nnetns: blue\n"]);
});

executing("a program is looked for in the directories of PATH", async (place) => {
  await inTemporaryDirectory(async (directory) => {
    for (const [name, mode] of [["one", 0o644], ["two", 0o755]] as const) {
      fs.mkdirSync(path.join(directory, name));
      fs.writeFileSync(path.join(directory, name, "own-program"), "#!/bin/sh\necho $0\n", { mode });
    }
    const PATH = `${directory}/one:${directory}/two:${process.env["PATH"]}`;
    const { stdout, exitCode } = await netns(["exec", "blue", "own-program"], {
      prefix: place.prefix,
      env: { PATH },
    });
    assert.deepEqual([stdout, exitCode], [`${directory}/two/own-program\n`, 0]);
  });
});

executing("run starts a file wholly inside, with its arguments", async (place) => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, "program.ts");
    fs.writeFileSync(
      file,
      `
      import fs from "node:fs";
      import process from "node:process";
      const threads: string[] = fs.readdirSync("/proc/self/task");
      const inodes = threads.map((tid) => fs.readlinkSync("/proc/self/task/" + tid + "/ns/net"));
      console.log(JSON.stringify([[...new Set(inodes)], process.argv.slice(2)]));
      process.exitCode = 5;
    `,
    );
    const named = await place.netns("run", "blue", file, "--flag", "x");
    assert.deepEqual([named.stderr, named.exitCode], ["", 5]);
    assert.deepEqual(JSON.parse(named.stdout), [[await inodeOf(place, "blue")], ["--flag", "x"]]);
    const own = await place.netns("run", "-n", file);
    const [[inode], args] = JSON.parse(own.stdout);
    assert.notEqual(inode, fs.readlinkSync("/proc/self/ns/net"));
    assert.deepEqual(args, []);
  });
});
