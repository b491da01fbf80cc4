/** What a program finds that a process becomes inside, and what is left where it cannot. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { Order } from "../fixtures/execvp.ts";
import { become, becomeShell, fail } from "../helpers/execvp.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { timeLimit, usualLimit } from "../helpers/time_limit.ts";

const privileged = { skip: skipUnlessPrivileged(), timeout: timeLimit(usualLimit) };

test(
  "the process becomes the program: its id stays, its namespace is the other one",
  privileged,
  async () => {
    const script = "echo $$; readlink /proc/self/ns/net; echo $0 $1; pwd; echo $MINE";
    const order = { command: "sh", args: ["-c", script, "zero", "o'ne"] };
    const { before, lines } = await become(order, { env: { MINE: "inherited" } });
    const expected = [String(before.pid), `net:[${before.inode}]`, "zero o'ne", before.cwd];
    assert.deepEqual(lines, [...expected, "inherited"]);
  },
);

test(
  "the program has the usual signals, and no descriptor of the process but the standard streams",
  privileged,
  async () => {
    const script = "grep -E '^Sig(Blk|Ign)' /proc/self/status; " +
      "grep flags /proc/$$/fdinfo/0 /proc/$$/fdinfo/1 /proc/$$/fdinfo/2; " +
      "cd /proc/$$/fd; for fd in *; do printf '%s ' $fd; readlink $fd || echo; done";
    const prefix = withDevices("3 4 7 19 200 251");
    const { lines: [blocked, ignored, ...rest] } = await becomeShell(script, {}, { prefix });
    for (const line of [blocked!, ignored!]) assert.equal(standardSignals(line), 0n, line);
    for (const line of rest.slice(0, 3)) {
      const flags = parseInt(line.split("\t")[1]!, 8);
      assert.equal(flags & NONBLOCK_OR_CLOEXEC, 0, line);
    }
    // A shell holds the directory that it lists.
    const extra = rest.slice(3).filter((line) => !/^[012] |^\d+( \/proc\/\d+\/fd)? *$/.test(line));
    assert.deepEqual(extra, []);
  },
);

/** Opens descriptors of those numbers, which dash(1) cannot where they have several digits. */
function withDevices(numbers: string): string[] {
  const opened = numbers.split(" ").map((fd) => `${fd}</dev/zero`).join(" ");
  return ["bash", "-c", `exec ${opened}; exec "$@"`, "bash"];
}

/** As fdinfo shows them. */
const NONBLOCK_OR_CLOEXEC = 0o2004000;

/** The signals of a line of /proc/PID/status, but those that threads of libc use. */
function standardSignals(line: string): bigint {
  return BigInt(`0x${line.split("\t")[1]}`) & 0x7fffffffn;
}

test("the environment can be given; without mounts the mounts stay", privileged, async () => {
  const env = { PATH: process.env["PATH"], MINE: "a=b c" };
  const script = "readlink /proc/self/ns/mnt; env";
  const { lines: [mounts, ...variables], before } = await becomeShell(script, {
    options: { env, mount: false },
  });
  assert.equal(mounts, before.namespaces[1]);
  const given = variables.filter((line) => !/^(PWD|_|SHLVL|OLDPWD)=/.test(line)).sort();
  assert.deepEqual(given, ["MINE=a=b c", `PATH=${env.PATH}`]);
});

test("/sys is the namespace's, with the control groups that were there", privileged, async () => {
  const cgroups = fs.readFileSync("/proc/self/mounts", "utf8").split("\n")
    .map((line) => line.split(" ")[1] ?? "").filter((point) => /^\/sys\/fs\/cgroup/.test(point));
  const script = `readlink /proc/self/ns/mnt; ls /sys/class/net; stat -c '%n %d' ${
    ["/sys", ...cgroups].join(" ")
  }`;
  const { lines: [mounts, links, sys, ...found], before } = await becomeShell(script);
  assert.notEqual(mounts, before.namespaces[1]);
  assert.equal(links, "lo");
  assert.notEqual(sys, `/sys ${fs.statSync("/sys").dev}`);
  assert.deepEqual(found, cgroups.map((point) => `${point} ${fs.statSync(point).dev}`));
});

const unable: readonly [what: string, order: Order, code: string, hint: RegExp][] = [
  ["a missing program", { command: "no-such-program" }, "ENOENT", /no such program/],
  ["a script without its interpreter", { command: "./script" }, "ENOENT", /interpreter/],
  ["a plain file", { command: "./plain", options: { mount: false } }, "EACCES", /may not execute/],
  ["too long an argument", { command: "true", longArgument: 2 ** 22 }, "E2BIG", /too long/],
];

test("a file without #! is run by sh, as execvp(3) does", privileged, async () => {
  await inTemporaryDirectory(async (cwd) => {
    fs.writeFileSync(path.join(cwd, "script"), "echo $0 $1; exit 0", { mode: 0o755 });
    const { lines } = await become({ command: "./script", args: ["one two"] }, { cwd });
    assert.deepEqual(lines, ["./script one two"]);
    const env = { PATH: `/nonexistent::${cwd}`, ONE: "1" };
    const found = await become({ command: "script", args: ["two"], options: { env } }, {
      cwd: "/",
    });
    assert.deepEqual(found.lines, [`${cwd}/script two`]);
  });
});

test("descriptors go on to the program when that is asked for", privileged, async () => {
  const script = "cd /proc/$$/fd; for fd in *; do echo $fd $(readlink $fd); done | grep /dev/";
  const order = { command: "sh", args: ["-c", `(${script}) | grep -v '^[012] '`] };
  const prefix = withDevices("3 4 7 19 200 251");
  const { lines } = await become({ ...order, options: { preserveFds: 2 } }, { prefix });
  assert.deepEqual(lines, ["3 /dev/zero", "4 /dev/zero"]);

  const missing = { command: "no-such-program", options: { preserveFds: 2 } };
  const { before, failure } = await fail(missing, { prefix });
  assert.deepEqual(Object.keys(before.devices), ["3", "4", "7", "19", "200", "251"]);
  assert.deepEqual(failure.after, before);

  const ns = NetNS.create();
  try {
    const preserveFds = 100_000;
    // A program that is there would take the place of this test.
    const missing = "/nonexistent/program";
    assert.throws(() => ns.execvp(missing, [], { preserveFds }), { code: "EBADF" });
    assert.throws(() => ns.execvp(missing, [], { preserveFds: -1 }), RangeError);
    assert.throws(() => ns.execvp(missing, [], { preserveFds: 1.5 }), RangeError);
  } finally {
    await ns.close();
  }
});

for (const [what, order, code, hint] of unable) {
  test(`${what} cannot be started, and leaves the process as it was`, privileged, async () => {
    await inTemporaryDirectory(async (cwd) => {
      fs.writeFileSync(path.join(cwd, "plain"), "text", { mode: 0o644 });
      fs.writeFileSync(path.join(cwd, "script"), "#!/no/such/interpreter", { mode: 0o755 });
      const { before, failure } = await fail(order, { cwd });
      assert.equal(before.cwd, cwd);
      assert.match(failure.hint!, hint);
      assert.match(failure.write, /^(EPIPE|ECONNRESET)$/);
      const { hint: _, write: __, ...rest } = failure;
      assert.deepEqual(rest, {
        code,
        syscall: "execve",
        warnings: 0,
        after: before,
        child: "works",
      });
    });
  });
}
