import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { O_CLOEXEC } from "../../ffi/constants.ts";
import { isNetNSError, NetNSError } from "../../src/errors.ts";
import { ExecError, execInside, type ExecOptions, type ExecResult } from "../../src/exec.ts";
import type { Namespace } from "../../src/namespace.ts";
import { home } from "../../src/position.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const privileged = { skip: skipUnlessPrivileged() };

/** The error of a command that fails. */
async function failing(
  namespace: Namespace,
  command: string,
  args: string[] = [],
  options: ExecOptions = {},
): Promise<ExecError> {
  try {
    await execInside(namespace, command, args, options);
  } catch (error) {
    assert.ok(error instanceof ExecError);
    return error;
  }
  assert.fail(`${command} did not fail`);
}

/** Whether a descriptor of this process is one that every program gets. */
function isInheritable(fd: string): boolean {
  const file = `/proc/self/fdinfo/${fd}`;
  if (!fs.existsSync(file)) return false;
  const flags = /^flags:\s*(\d+)/m.exec(fs.readFileSync(file, "utf8"))![1]!;
  return (parseInt(flags, 8) & O_CLOEXEC) === 0;
}

/** Runs a script, which finds `$PIDFILE`, and tells what remains of the process afterwards. */
async function whatRemains(
  script: string,
  run: (script: string[], started: Promise<void>) => Promise<unknown>,
): Promise<{ error: unknown; running: boolean }> {
  return await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, "pid");
    const written = async () => {
      while (!fs.existsSync(file) || fs.statSync(file).size === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const args = ["-c", script.replace("READY", `echo $$ > ${file}`)];
    const error = await run(args, written()).then(() => undefined, (error: unknown) => error);
    return { error, running: fs.existsSync(`/proc/${fs.readFileSync(file, "utf8").trim()}`) };
  });
}

leakChecked(
  "exec() runs a program inside and gives its output",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const result = await execInside(namespace, "sh", [
        "-c",
        "readlink /proc/self/ns/net; echo oops >&2",
      ]);
      const { durationMs, ...rest } = result;
      assert.deepEqual(rest, {
        stdout: `net:[${namespace.inode}]\n`,
        stderr: "oops\n",
        exitCode: 0,
        signal: null,
      });
      assert.ok(durationMs > 0);
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked(
  "/proc/net of a program inside is that of the namespace",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const { stdout } = await execInside(namespace, "cat", ["/proc/net/dev"]);
      const names = String(stdout).split("\n").slice(2).map((line) => line.split(":")[0]!.trim());
      assert.deepEqual(names.filter((name) => name === "lo" || name.startsWith("eth")), ["lo"]);
    }),
);

leakChecked(
  "a failing program rejects with the fields of the result",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "echo out; echo first >&2; echo last >&2; exit 7";
      const error = await failing(namespace, "sh", ["-c", script]);
      assert.ok(error instanceof NetNSError && isNetNSError(error));
      assert.equal(error.name, "ExecError");
      assert.equal(
        error.message,
        `Command failed with exit code 7: sh -c ${JSON.stringify(script)}\nfirst\nlast`,
      );
      const { code, command, args, stdout, stderr, exitCode, signal, timedOut } = error;
      assert.deepEqual({ code, command, args, stdout, stderr, exitCode, signal, timedOut }, {
        code: "ERR_NETNS_EXEC_FAILED",
        command: "sh",
        args: ["-c", script],
        stdout: "out\n",
        stderr: "first\nlast\n",
        exitCode: 7,
        signal: null,
        timedOut: false,
      });
      assert.ok(error.durationMs > 0);
    }),
);

leakChecked(
  "long standard error is not put into the message",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "head -c 5000 /dev/zero | tr '\\0' x >&2; exit 1";
      const error = await failing(namespace, "sh", ["-c", script]);
      assert.equal(error.stderr.length, 5000);
      assert.equal(error.message.split("\n").length, 1);
    }),
);

leakChecked(
  "a program that a signal kills rejects with its name",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const error = await failing(namespace, "sh", ["-c", "echo before; kill -KILL $$"]);
      assert.deepEqual([error.exitCode, error.signal, error.stdout], [null, "SIGKILL", "before\n"]);
      assert.match(error.message, /^Command was killed with SIGKILL: sh -c /);
      assert.equal(error.timedOut, false);
    }),
);

leakChecked(
  "a program that cannot be started rejects with the errno",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const missing = await failing(namespace, "/nonexistent/program", ["x"]);
      assert.equal(
        missing.message,
        "Command could not be started: spawn failed with ENOENT: /nonexistent/program x",
      );
      assert.deepEqual([missing.code, missing.syscall, missing.exitCode], [
        "ENOENT",
        "spawn",
        null,
      ]);
      assert.ok(missing.cause instanceof Error);
      assert.equal((await failing(namespace, "/etc/passwd")).code, "EACCES");
      const nowhere = await failing(namespace, "true", [], { cwd: "/nonexistent" });
      assert.equal(nowhere.code, "ENOENT");
      assert.equal(nowhere.hint, "options.cwd is no directory: /nonexistent");
      const long = await failing(namespace, "true", ["x".repeat(3_000_000)]);
      assert.equal(long.code, "E2BIG");
      assert.ok(long.message.length < 500);
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked(
  "running out of descriptors rejects, and the next call works",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      await execInside(namespace, "true");
      const rejected = withFreeDescriptors(1, () => failing(namespace, "true"));
      assert.equal((await rejected).code, "EMFILE");
      await execInside(namespace, "true");
    }),
);

leakChecked(
  "input of every kind reaches the program",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const cat = async (input: string | Uint8Array) =>
        (await execInside(namespace, "cat", [], { input })).stdout;
      assert.equal(await cat("héllo"), "héllo");
      assert.equal(await cat(Uint8Array.of(104, 105)), "hi");
      assert.equal(await cat(""), "");
      const without = await execInside(namespace, "sh", ["-c", "readlink /proc/self/fd/0; cat"]);
      assert.equal(without.stdout, "/dev/null\n");
    }),
);

leakChecked(
  "output may be bytes, and text keeps what it begins with",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const args = ["\\357\\273\\277a\\377"];
      const bytes = await execInside(namespace, "printf", args, { encoding: "buffer" });
      const stdout: string | Uint8Array = bytes.stdout;
      assert.ok(stdout instanceof Uint8Array && !Buffer.isBuffer(stdout));
      assert.deepEqual([...stdout], [0xef, 0xbb, 0xbf, 0x61, 0xff]);
      assert.deepEqual([...bytes.stderr], []);
      assert.equal((await execInside(namespace, "printf", args)).stdout, "\ufeffa\ufffd");
    }),
);

leakChecked("50 MB go in and come out at once", privileged, () =>
  inNamespace(async (namespace) => {
    const input = new Uint8Array(50_000_000).map((_, index) => index * 7);
    const { stdout } = await execInside(namespace, "cat", [], { input, encoding: "buffer" });
    assert.equal(Buffer.compare(stdout as Uint8Array, input), 0);
  }));

leakChecked(
  "a program need not read its input",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const input = "x".repeat(5_000_000);
      const { stdout } = await execInside(namespace, "echo", ["done"], { input });
      assert.equal(stdout, "done\n");
      assert.equal((await failing(namespace, "false", [], { input })).exitCode, 1);
    }),
);

leakChecked(
  "cwd and env apply; env replaces the whole environment",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const env = { PATH: process.env["PATH"], COLOR: "blue", UNSET: undefined };
      const { stdout } = await execInside(namespace, "sh", ["-c", "pwd; env"], {
        cwd: new URL("file:///usr"),
        env,
      });
      const [cwd, ...variables] = String(stdout).trimEnd().split("\n");
      assert.equal(cwd, "/usr");
      assert.ok(variables.includes("COLOR=blue"));
      assert.deepEqual(variables.filter((line) => /^(UNSET|HOME|USER)=/.test(line)), []);
    }),
);

leakChecked(
  "a relative directory is one of this process, and a relative program one of that directory",
  privileged,
  () =>
    inNamespace((namespace) =>
      inTemporaryDirectory(async (directory) => {
        const script = path.join(directory, "bin", "where");
        fs.mkdirSync(path.dirname(script));
        fs.writeFileSync(script, "#!/bin/sh\npwd\n", { mode: 0o755 });
        const cwd = path.relative(process.cwd(), directory);
        const output = async (command: string, env?: Record<string, string>) =>
          (await execInside(namespace, command, [], { cwd, env })).stdout;
        assert.equal(await output("./bin/where"), `${directory}\n`);
        const PATH = `/nonexistent:${path.dirname(script)}:/bin`;
        assert.equal(await output("where", { PATH }), `${directory}\n`);
        const error = await failing(namespace, "where", [], { env: { PATH: "/nonexistent" } });
        assert.equal(error.code, "ENOENT");
      })
    ),
);

leakChecked(
  "a program finds no descriptor but its streams, and no signal ignored or blocked",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const signals = "grep -E '^Sig(Blk|Ign)' /proc/self/status";
      const script = `ls -l /proc/self/fd | sed -n 's/.* \\([0-9]* -> .*\\)/\\1/p'; ${signals}`;
      for (const options of [{}, { input: "" }, { timeout: 10_000 }]) {
        const { stdout } = await execInside(namespace, "sh", ["-c", script], options);
        const lines = String(stdout).trimEnd().split("\n");
        const masks = lines.splice(-2).map((line) => BigInt(`0x${line.split("\t")[1]}`));
        // libc keeps the signals from 32 to itself.
        assert.deepEqual(masks.map((mask) => mask & 0x7fffffffn), [0n, 0n]);
        assert.ok(lines.some((line) => line.startsWith("2 -> ")), String(stdout));
        const own = lines.filter((line) => {
          const [, fd, target] = /^(\d+) -> (.*)/.exec(line)!;
          return Number(fd) > 2 && !target!.startsWith("/proc/") && !isInheritable(fd!);
        });
        assert.deepEqual(own, []);
      }
    }),
);

leakChecked(
  "exec() waits for the output of what a program leaves running",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "(sleep 0.3; echo late; echo oops >&2) & echo early; exit 0";
      for (const options of [{}, { timeout: 10_000 }]) {
        const result = await execInside(namespace, "sh", ["-c", script], options);
        assert.deepEqual([result.stdout, result.stderr], ["early\nlate\n", "oops\n"]);
      }
    }),
);

leakChecked(
  "exec() waits for a program that closes its output",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "echo before; exec >&- 2>&-; sleep 0.3; exit 5";
      for (const options of [{}, { timeout: 10_000 }]) {
        const error = await failing(namespace, "sh", ["-c", script], options);
        assert.deepEqual([error.stdout, error.exitCode, error.signal], ["before\n", 5, null]);
      }
    }),
);

leakChecked(
  "programs of exec() and of the runtime each give their own exit code",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const codes = Array.from({ length: 40 }, (_, index) => index + 1);
      const script = (code: number) => ["-c", `exit ${code}`];
      const ours = codes.map((code) => failing(namespace, "sh", script(code)));
      const theirs = codes.map((code) => once(spawn("sh", script(code)), "exit"));
      assert.deepEqual((await Promise.all(ours)).map(({ exitCode }) => exitCode), codes);
      assert.deepEqual((await Promise.all(theirs)).map(([code]) => code), codes);
    }),
);

leakChecked(
  "an abortion ends the program and rejects with its reason",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const reason = new Error("enough");
      const { error, running } = await whatRemains("READY; exec sleep 1000", (args, started) => {
        const controller = new AbortController();
        started.then(() => controller.abort(reason));
        return execInside(namespace, "sh", args, { signal: controller.signal });
      });
      assert.equal(error, reason);
      assert.equal(running, false);
    }),
);

leakChecked(
  "a program that ignores SIGTERM is killed",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "trap '' TERM; READY; while :; do sleep 0.05; done";
      const { error, running } = await whatRemains(script, (args, started) => {
        const controller = new AbortController();
        started.then(() => controller.abort());
        return execInside(namespace, "sh", args, { signal: controller.signal });
      });
      assert.equal((error as Error).name, "AbortError");
      assert.equal(running, false);
    }),
);

leakChecked(
  "killSignal is how a program is ended",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const script = "trap 'echo got INT; exit 3' INT; echo ready; while :; do sleep 0.05; done";
      const options = { timeout: 2000, killSignal: "SIGINT" } as const;
      const error = await failing(namespace, "sh", ["-c", script], options);
      assert.deepEqual([error.stdout, error.exitCode], ["ready\ngot INT\n", 3]);
      assert.equal(error.timedOut, true);
    }),
);

leakChecked(
  "a time-out ends the program and keeps its output",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const args = ["-c", "echo started; exec sleep 1000"];
      const error = await failing(namespace, "sh", args, { timeout: 2000 });
      assert.equal(error.timedOut, true);
      assert.equal(error.code, "ERR_NETNS_EXEC_FAILED");
      assert.match(
        error.message,
        /^Command timed out after 2000 ms: sh -c "echo started; exec sleep/,
      );
      assert.deepEqual([error.stdout, error.exitCode, error.signal], [
        "started\n",
        null,
        "SIGTERM",
      ]);
    }),
);

leakChecked(
  "a process that holds the output open delays no time-out",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const error = await failing(namespace, "sh", ["-c", "sleep 1000 & echo $!; wait"], {
        timeout: 2000,
      });
      assert.equal(error.timedOut, true);
      process.kill(Number(error.stdout), "SIGKILL");
    }),
);

leakChecked(
  "with an aborted signal no program is started",
  privileged,
  () =>
    inTemporaryDirectory((directory) =>
      inNamespace(async (namespace) => {
        const signal = AbortSignal.abort(new Error("too late"));
        const file = path.join(directory, "file");
        await assert.rejects(execInside(namespace, "touch", [file], { signal }), {
          message: "too late",
        });
        await execInside(namespace, "sleep", ["0.2"]);
        assert.equal(fs.existsSync(file), false);
      })
    ),
);

leakChecked(
  "200 programs at once each give their own output",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const calls = Array.from(
        { length: 200 },
        (_, index) => execInside(namespace, "echo", [String(index)]) as Promise<ExecResult>,
      );
      const outputs = (await Promise.all(calls)).map(({ stdout }) => Number(stdout));
      assert.deepEqual(outputs, [...outputs.keys()]);
      assert.equal(whereAmI(), home().inode);
    }),
);

leakChecked(
  "options that are wrong are refused before anything starts",
  privileged,
  () =>
    inNamespace(async (namespace) => {
      const wrong: [unknown, RegExp][] = [
        [{ shell: true }, /options\.shell is not an option/],
        [{ encoding: "latin1" }, /options\.encoding must be one of "utf8", "buffer"/],
        [{ input: 5 }, /options\.input must be a string or a Uint8Array: current value is 5/],
        [{ signal: {} }, /options\.signal must be an AbortSignal/],
        [{ timeout: -1 }, /options\.timeout must be a number of ms/],
        [{ killSignal: "TERM" }, /options\.killSignal must be one of/],
        [
          { cwd: new URL("http://h/") },
          /options\.cwd must be a path or a file: URL: .*http:\/\/h\//,
        ],
        [{ cwd: 5 }, /options\.cwd must be a string: current value is 5/],
        [{ cwd: "a\0b" }, /options\.cwd must be a non-empty, well-formed string without NUL/],
        [{ env: "A=1" }, /options\.env must be an object/],
        [{ env: { A: 1 } }, /options\.env\.A must be a string without NUL: current value is 1/],
        [{ env: { A: "a\0b" } }, /options\.env\.A must be a string without NUL/],
      ];
      for (const [options, message] of wrong) {
        await assert.rejects(execInside(namespace, "true", [], options as ExecOptions), {
          message,
        });
      }
      await assert.rejects(execInside(namespace, "a\0b"), { message: /^command must be/ });
    }),
);

leakChecked("a closed namespace rejects with its own error", privileged, async () => {
  const namespace = await inNamespace((namespace) => namespace);
  await assert.rejects(execInside(namespace, "true"), { code: "ERR_NETNS_CLOSED" });
});

test("a program is started where the runtime permits it, and nowhere else", {
  skip: skipAny(
    skipUnlessPrivileged(),
    skipOn(["node-koffi"], "runs TypeScript by a process of its own"),
    skipOn(["bun"], "knows no permissions"),
  ),
}, async () => {
  const program = new URL("../fixtures/exec_permission.ts", import.meta.url);
  const { base, run } = runtime === "deno"
    ? { base: ["--no-prompt", "--allow-ffi", "--allow-env"], run: "--allow-run" }
    : { base: ["--permission", "--allow-ffi", "--allow-fs-read=*"], run: "--allow-child-process" };
  const permitted = await runScript(program, { flags: [...base, run] });
  assert.equal(permitted.stdout, "ran\n", permitted.stderr);
  const { stdout } = await runScript(program, { flags: base });
  assert.match(
    stdout,
    runtime === "deno" ? /^ExecError .*--allow-run.* NotCapable/ : /ERR_ACCESS_DENIED/,
  );
});
