/**
 * The programs that the library is measured beside: whether their tools are there, and how they are
 * built and run.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { findCommand } from "../helpers/requirements.ts";
import { findRuntime, root } from "../runner/runtimes.ts";
import { buildDirectory, peerSources } from "./directory.ts";
import type { Setting } from "./measurement.ts";
import type { Peer } from "./row.ts";

/** A command to run, or what is missing for it. */
export type Found = { command: string[] } | { missing: string };

const goPath = "/usr/share/gocode";
const goPackages = {
  "github.com/vishvananda/netns": "golang-github-vishvananda-netns-dev",
  "github.com/vishvananda/netlink": "golang-github-vishvananda-netlink-dev",
  "github.com/containernetworking/plugins/pkg/ns": "golang-github-containernetworking-plugins-dev",
};

/** The command that a program is run by, where it cannot find the right place by itself. */
function around(language: Peer["language"], { path }: Setting): string[] {
  if (language === "shell") return ["unshare", "-m"];
  return language === "npm" ? ["nsenter", `--net=${path}`] : [];
}

/** What an installation has, found once. */
const found = new Map<string, Found>();

/** The command of a peer's program; builds it when that was not done yet. */
export function findPeer({ language, program, args }: Peer, setting: Setting): Found {
  const key = `${language} ${program}`;
  const known = found.get(key) ?? find[language](program);
  found.set(key, known);
  if ("missing" in known) return known;
  return { command: [...around(language, setting), ...known.command, ...args?.(setting) ?? []] };
}

const find: Readonly<Record<Peer["language"], (program: string) => Found>> = {
  c: buildC,
  go: (measurement) => {
    const program = once("go", buildGo);
    return "missing" in program ? program : { command: [...program.command, measurement] };
  },
  python(program) {
    const python = once("python", findPython);
    return "missing" in python
      ? python
      : { command: [...python.command, path.join(peerSources, `${program}.py`)] };
  },
  shell: findShell,
  npm(program) {
    const node = findRuntime("node");
    if ("missing" in node) return node;
    if (!fs.existsSync(path.join(root, "node_modules/netlink"))) {
      return { missing: "the npm package netlink" };
    }
    return { command: [node.program, path.join(peerSources, `${program}.cjs`)] };
  },
};

function once(key: string, look: () => Found): Found {
  const result = found.get(key) ?? look();
  found.set(key, result);
  return result;
}

function buildC(program: string): Found {
  const compiler = ["gcc", "clang", "cc", "tcc"].find((name) => findCommand(name) !== undefined);
  if (compiler === undefined) return { missing: "a C compiler (gcc)" };
  const output = path.join(buildDirectory(), program);
  run([compiler, "-O2", "-o", output, path.join(peerSources, `${program}.c`)]);
  return { command: [output] };
}

function buildGo(): Found {
  if (findCommand("go") === undefined) return { missing: "go (golang-go)" };
  const absent = Object.entries(goPackages)
    .filter(([name]) => !fs.existsSync(path.join(goPath, "src", name)))
    .map(([, debian]) => debian);
  if (absent.length > 0) return { missing: absent.join(", ") };
  const output = path.join(buildDirectory(), "go_peer");
  run(["go", "build", "-o", output], {
    cwd: path.join(peerSources, "go"),
    env: { ...process.env, GOPATH: goPath, GO111MODULE: "off", GOFLAGS: "" },
  });
  return { command: [output] };
}

function findPython(): Found {
  const candidates = ["/usr/bin/python3", findCommand("python3")];
  const python = candidates.find((candidate) =>
    candidate !== undefined && spawnSync(candidate, ["-c", "import pyroute2"]).status === 0
  );
  return python === undefined ? { missing: "python3-pyroute2" } : { command: [python] };
}

function findShell(program: string): Found {
  const shell = findCommand("bash");
  if (shell === undefined) return { missing: "bash" };
  const need = program === "iperf3" ? "iperf3" : "ip";
  for (const command of ["unshare", "ip", need]) {
    if (findCommand(command) === undefined) return { missing: command };
  }
  return { command: [shell, path.join(peerSources, `${program}.sh`)] };
}

function run(
  [file, ...args]: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined> } = {},
): void {
  const { status, stderr } = spawnSync(findCommand(file!)!, args, { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} failed:\n${stderr}`);
}
