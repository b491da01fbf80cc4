import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createNamed, deleteNamed, listNamed, openNamed } from "../../src/named.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { mountsOn } from "../helpers/named_files.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { executable, scriptArguments } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const options = { skip: skipUnlessPrivileged(), timeout: 180_000 };
const CREATORS = 24;

interface Running {
  child: ChildProcess;
  /** Resolves when it printed its first line. */
  ready: Promise<unknown>;
  /** Resolves to what it printed besides, and how it ended. */
  ended: Promise<{ lines: string[]; errors: string; exitCode: number | null }>;
}

/** Starts a program of tests/fixtures on this runtime. */
function start(fixture: string, args: string[]): Running {
  const script = new URL(`../fixtures/${fixture}`, import.meta.url);
  const child = spawn(executable, scriptArguments(script, { args }), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => output[name] += text);
  }
  const ended = once(child, "close").then(([exitCode]) => {
    const lines = output.stdout.split("\n").slice(1).filter(Boolean);
    return { lines, errors: output.stderr, exitCode: exitCode as number | null };
  });
  return { child, ready: Promise.race([once(child.stdout, "data"), ended]), ended };
}

const filesIn = (dir: string) => fs.existsSync(dir) ? fs.readdirSync(dir) : [];

/**
 * Lets as many processes as `names` create them at once, in one directory after the other; returns
 * what each one printed.
 */
async function createAtOnce(directories: string[], exist: string, names: string[]) {
  const running = names.map((name) => start("create_when_told.ts", [name, exist, ...directories]));
  await Promise.all(running.map(({ ready }) => ready));
  for (const dir of directories) {
    fs.writeFileSync(`${dir}.go`, "");
    const failed = () => running.some(({ child }) => child.exitCode);
    const complete = () => filesIn(dir).length === new Set(names).size;
    while (!complete() && !failed()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return Promise.all(running.map(({ ended }) => ended));
}

leakChecked(
  `${CREATORS} first creators at once mount the directory exactly once`,
  options,
  () =>
    inTemporaryDirectory(async (parent) => {
      const directories = Array.from({ length: 16 }, (_, index) => path.join(parent, `${index}`));
      const names = Array.from({ length: CREATORS }, (_, index) => `name ${index}`);
      for (const { errors, exitCode } of await createAtOnce(directories, "fail", names)) {
        assert.deepEqual([errors, exitCode], ["", 0]);
      }
      for (const dir of directories) {
        assert.equal(mountsOn(dir), 1);
        const listed = listNamed({ dir });
        assert.deepEqual(listed.map(({ name }) => name), names.toSorted());
        assert.equal(new Set(listed.map(({ inode }) => inode)).size, CREATORS);
        for (const { name, path } of listed) {
          assert.equal(mountsOn(path), 1);
          deleteNamed(name, { dir });
        }
        assert.deepEqual(fs.readdirSync(dir), []);
      }
    }),
);

leakChecked(
  "of several creators of one name, one wins, and the others say EEXIST",
  options,
  () =>
    inTemporaryDirectory(async (parent) => {
      const dir = path.join(parent, "names");
      const ends = await createAtOnce([dir], "fail", Array(6).fill("blue"));
      const winners = ends.filter(({ exitCode }) => exitCode === 0);
      assert.equal(winners.length, 1);
      for (const { errors, exitCode } of ends) if (exitCode !== 0) assert.match(errors, /EEXIST/);
      assert.equal(listNamed({ dir })[0]!.inode, Number(winners[0]!.lines[0]));
      deleteNamed("blue", { dir });
    }),
);

leakChecked(
  `creators of one name with exist: "open" all get the same namespace`,
  options,
  () =>
    inTemporaryDirectory(async (parent) => {
      const dir = path.join(parent, "names");
      const ends = await createAtOnce([dir], "open", Array(6).fill("blue"));
      const { inode } = listNamed({ dir })[0]!;
      for (const { lines, errors } of ends) {
        assert.deepEqual({ lines, errors }, { lines: [String(inode)], errors: "" });
      }
      assert.equal(mountsOn(`${dir}/blue`), 1);
      deleteNamed("blue", { dir });
    }),
);

leakChecked(
  "after SIGKILL in the middle of creating, every name can be deleted",
  options,
  () =>
    inTemporaryDirectory(async (parent) => {
      const replace = { loopback: false, exist: "replace" } as const;
      for (let round = 0; round < 12; round++) {
        const dir = path.join(parent, `names ${round}`);
        const { child, ready, ended } = start("create_in_a_loop.ts", [dir]);
        await ready;
        await new Promise((resolve) => setTimeout(resolve, round * 1.7));
        child.kill("SIGKILL");
        const { errors, exitCode } = await ended;
        assert.deepEqual([errors, exitCode], ["", null]);
        for (const { name, path } of listNamed({ dir })) {
          deleteNamed(name, { dir });
          assert.equal(mountsOn(path), 0);
        }
        if (fs.existsSync(dir)) assert.deepEqual(fs.readdirSync(dir), []);
        for (let index = 0; index < 5; index++) {
          const name = `name ${index}`;
          const created = createNamed(name, { ...replace, dir });
          const opened = openNamed(name, { dir });
          assert.equal(opened.inode, created.inode);
          opened.close();
          created.close();
          deleteNamed(name, { dir });
        }
        assert.equal(mountsOn(dir), 1);
      }
    }),
);
