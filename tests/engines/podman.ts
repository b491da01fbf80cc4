/**
 * A container of podman that runs busybox: from a root file system made here, with an engine whose
 * files are all in one directory, and without a network but `lo`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import {
  findCommand,
  type Skip,
  skipAny,
  skipIf,
  skipUnlessPrivileged,
  skipWithout,
} from "../helpers/requirements.ts";
import { runCommand } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { timeLimit } from "../helpers/time_limit.ts";

/** What a container is known by. */
export interface Container {
  name: string;
  id: string;
  pid: number;
  /** Where podman's API answers: below what XDG_RUNTIME_DIR shall be. */
  runtimeDirectory: string;
  socketPath: string;
  /** Runs podman, which must succeed; what it prints. */
  podman(...args: string[]): Promise<string>;
}

/** runc takes the control groups of more machines than crun. */
const runtimes = ["runc", "crun"];

/** Skips where there is no podman, or nothing to run in a container. */
export function skipWithoutPodman(): Skip {
  const runtime = runtimes.find((name) => findCommand(name) !== undefined);
  const busybox = findCommand("busybox");
  return skipAny(
    skipUnlessPrivileged(),
    skipWithout({ command: "podman" }),
    skipIf(runtime === undefined, `podman has no runtime: ${runtimes.join(" or ")}`),
    skipWithout({ command: "busybox" }),
    skipIf(busybox !== undefined && !isStatic(busybox), "busybox is not linked statically"),
  );
}

function isStatic(program: string): boolean {
  return !fs.readFileSync(program).includes("/ld-linux") &&
    !fs.readFileSync(program).includes("/ld-musl");
}

/** Seconds after which engine and container end, also when nobody could end them. */
const lifetime = 600;

/** Runs a function with a container, in which a web server says hello on 127.0.0.1:8080. */
export function withContainer(run: (container: Container) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (directory) => {
    const env = configure(directory);
    const podman = async (...args: string[]) => {
      const { stdout, stderr, exitCode } = await runCommand(["podman", ...args], { env });
      assert.equal(exitCode, 0, `podman ${args.join(" ")}: ${stderr}`);
      return stdout.trim();
    };
    const runtimeDirectory = path.join(directory, "run");
    const socketPath = path.join(runtimeDirectory, "podman", "podman.sock");
    fs.mkdirSync(path.dirname(socketPath), { recursive: true });
    const service = spawn("podman", [
      "system",
      "service",
      `--time=${lifetime}`,
      `unix://${socketPath}`,
    ], {
      env: { ...process.env, ...env },
      stdio: "ignore",
    });
    try {
      await podman("import", makeImage(directory), "netns/busybox:1");
      const name = path.basename(directory);
      const script = "echo hello > /index.html; exec /bin/busybox httpd -f -p 8080 -h /";
      const options = ["--detach", `--name=${name}`, "--network=none", `--timeout=${lifetime}`];
      const command = ["localhost/netns/busybox:1", "/bin/busybox", "sh", "-c", script];
      const id = await podman("run", ...options, ...command);
      const pid = Number(await podman("inspect", "--format={{.State.Pid}}", name));
      await appears(socketPath);
      await run({ name, id, pid, runtimeDirectory, socketPath, podman });
    } finally {
      const ended = once(service, "exit");
      service.kill("SIGTERM");
      await ended;
      spawnSync("podman", ["rm", "--force", "--time=0", "--all"], {
        env: { ...process.env, ...env },
      });
    }
  });
}

async function appears(file: string): Promise<void> {
  const end = performance.now() + timeLimit(20_000);
  while (!fs.existsSync(file)) {
    assert.ok(performance.now() < end, `${file} does not appear`);
    await sleep(20);
  }
}

/** The variables that name the configuration. */
function configure(directory: string): Record<string, string> {
  const file = (name: string, text: string) => {
    fs.writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };
  const runtime = runtimes.find((name) => findCommand(name) !== undefined);
  return {
    // Limits that a process without CAP_SYS_RESOURCE can set, too.
    CONTAINERS_CONF: file(
      "containers.conf",
      `[containers]
default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]
[engine]
runtime = "${runtime}"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "${directory}/tmp"
`,
    ),
    CONTAINERS_STORAGE_CONF: file(
      "storage.conf",
      `[storage]
driver = "vfs"
graphroot = "${directory}/graph"
runroot = "${directory}/runroot"
`,
    ),
  };
}

function makeImage(directory: string): string {
  const root = path.join(directory, "root");
  fs.mkdirSync(path.join(root, "bin"), { recursive: true });
  fs.copyFileSync(findCommand("busybox")!, path.join(root, "bin/busybox"));
  const image = path.join(directory, "image.tar");
  const { status } = spawnSync("tar", ["-C", root, "-cf", image, "."]);
  assert.equal(status, 0);
  return image;
}
