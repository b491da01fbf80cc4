/** What a program finds that a process becomes inside, and what is left where it cannot. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { Described, Failure, Order } from "../fixtures/execvp.ts";
import { skipAny, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { type RunOptions, runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { timeLimit } from "../helpers/time_limit.ts";
import { skipWithoutControlGroups, withVrfGroup } from "../helpers/vrf_group.ts";

const privileged = { skip: skipUnlessPrivileged(), timeout: timeLimit(60_000) };
const fixture = new URL("../fixtures/execvp.ts", import.meta.url);

/** What a process was, and the lines that the program printed which it became. */
interface Became {
  before: Described & { inode: number };
  lines: string[];
}

async function become(order: Order, options: RunOptions = {}): Promise<Became> {
  const outcome = await runScript(fixture, { ...options, args: [JSON.stringify(order)] });
  assert.deepEqual([outcome.stderr, outcome.exitCode], ["", 0], outcome.stdout);
  const [first, ...lines] = outcome.stdout.trimEnd().split("\n");
  return { before: JSON.parse(first!), lines };
}

/** What a shell script prints that a process becomes. */
function becomeShell(script: string, order: Partial<Order> = {}): Promise<Became> {
  return become({ command: "sh", args: ["-c", script], ...order });
}

async function fail(
  order: Order,
  options: RunOptions,
): Promise<{ before: Described; failure: Failure }> {
  const { before: { inode: _, ...before }, lines } = await become(order, options);
  return { before, failure: JSON.parse(lines[0]!) };
}

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
    const { lines: [blocked, ignored, ...rest] } = await becomeShell(script);
    for (const line of [blocked!, ignored!]) assert.equal(standardSignals(line), 0n, line);
    for (const line of rest.slice(0, 3)) {
      const flags = parseInt(line.split("\t")[1]!, 8);
      assert.equal(flags & NONBLOCK_OR_CLOEXEC, 0, line);
    }
    const own = rest.slice(3).map((line) => line.split(" ") as [string, string?])
      .filter(([fd, target]) => Number(fd) > 2 && target && !isInherited(fd, target));
    assert.deepEqual(own, []);
  },
);

/** As fdinfo shows them. */
const NONBLOCK_OR_CLOEXEC = 0o2004000;

/** The signals of a line of /proc/PID/status, but those that threads of libc use. */
function standardSignals(line: string): bigint {
  return BigInt(`0x${line.split("\t")[1]}`) & 0x7fffffffn;
}

/** Whether a descriptor came from whoever started this process. */
function isInherited(fd: string, target: string): boolean {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`) === target;
  } catch {
    return false;
  }
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

/** Runs a test where /etc/netns, /etc/hosts and the like, and /run/netns are nobody else's. */
const ownEtc = (directory: string) => [
  "unshare",
  "--mount",
  "sh",
  "-c",
  `
  mount -t tmpfs tmpfs /mnt && mkdir /mnt/blue && mount --rbind /etc /mnt/blue || exit 1
  cp -aT /etc /mnt/etc 2>/dev/null
  mount --bind /mnt/etc /etc && mkdir -p /etc/netns/blue && cd /etc/netns/blue || exit 1
  mount -t tmpfs tmpfs /run && mkdir /run/netns && touch /run/netns/blue || exit 1
  mount --bind '${directory}/blue' /run/netns/blue || exit 1
  echo own > hosts
  echo linked > target; ln -s target resolv.conf
  mkdir profile.d; echo inside > profile.d/own
  mkdir passwd; echo file > ssl; ln -s nowhere group
  echo lost > not-in-etc
  ln -sf /etc/really-nsswitch /etc/nsswitch.conf; echo was > /etc/really-nsswitch
  echo through-a-link > nsswitch.conf
  cd "$OLDPWD"; exec "$@"`,
  "sh",
];

/** What of the files above cannot be mounted. */
const lost = ["group", "not-in-etc", "passwd", "ssl", "target"];

test("files of /etc/netns/NAME are over those in /etc, links followed", privileged, async () => {
  await inTemporaryDirectory(async (dir) => {
    await NetNS.create({ name: "blue", dir }).close();
    const prefix = ownEtc(dir);
    const script = "cd /etc; cat hosts resolv.conf profile.d/own nsswitch.conf really-nsswitch; " +
      "ls profile.d; test -e not-in-etc || echo none";
    const order = { name: "blue", command: "sh", args: ["-c", script], countWarnings: true };
    const { lines } = await become(order, { prefix });
    assert.deepEqual(lines, [
      "own",
      "linked",
      "inside",
      "through-a-link",
      "through-a-link",
      "own",
      "none",
    ]);
    const args = ["-c", "cat /etc/really-nsswitch"];
    const kept = await become({ ...order, options: { mount: false }, args }, { prefix });
    assert.deepEqual(kept.lines, ["was"]);
    const alias = await become({ ...order, dir: "/run/../run/netns", args }, { prefix });
    assert.deepEqual(alias.lines, ["through-a-link"]);
    const other = await become({ ...order, dir, args }, { prefix });
    assert.deepEqual(other.lines, ["was"], "the name of another directory is another one");
  });
});

test(
  "files of /etc/netns/NAME that cannot be mounted are told, and left out",
  privileged,
  async () => {
    await inTemporaryDirectory(async (dir) => {
      await NetNS.create({ name: "blue", dir }).close();
      const prefix = ownEtc(dir);
      const told = await runScript(fixture, {
        prefix,
        args: [JSON.stringify({ name: "blue", command: "cat", args: ["/etc/hosts"] })],
      });
      assert.match(told.stdout, /\nown\n$/);
      const warning =
        /^NetNSWarning: Cannot mount \/etc\/netns\/blue\/(\S+) over \/etc\/\1: mount failed/;
      const names = told.stderr.trimEnd().split("\n").map((line) =>
        warning.exec(line)?.[1] ?? line
      );
      assert.deepEqual(names.sort(), lost);

      const { failure } = await fail({ name: "blue", command: "missing", countWarnings: true }, {
        prefix,
      });
      assert.equal(failure.warnings, lost.length);
    });
  },
);

test("descriptors go on to the program when that is asked for", privileged, async () => {
  const prefix = ["sh", "-c", `exec 3</dev/zero 4</dev/full; exec "$@"`, "sh"];
  const script = "readlink /proc/$$/fd/3 /proc/$$/fd/4";
  const args = ["-c", script];
  const { lines } = await become({ command: "sh", args, options: { preserveFds: 2 } }, { prefix });
  assert.deepEqual(lines, ["/dev/zero", "/dev/full"]);

  const missing = { command: "no-such-program", options: { preserveFds: 2 } };
  const { before, failure } = await fail(missing, { prefix });
  assert.equal(before.extra.length, 2);
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

test(
  "a process of a VRF is in it again when the program cannot be started",
  { ...privileged, skip: skipAny(privileged.skip, skipWithoutControlGroups()) },
  () =>
    withVrfGroup(async (group, file) => {
      const prefix = ["sh", "-c", `echo 0 > ${file} && exec "$@"`, "sh"];
      const { before, failure } = await fail({ command: "no-such-program" }, { prefix });
      assert.ok(before.groups.includes(`0::${group}\n`), before.groups);
      assert.deepEqual(failure.after, before);
      const args = ["/proc/self/cgroup"];
      const { lines } = await become({ command: "cat", args }, { prefix });
      assert.ok(lines.includes(`0::${group.replace("/red", "")}`), lines.join());
    }),
);

test("a process that chroot(2) has moved finds its root again", privileged, async () => {
  const prefix = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    `mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir root && mount --rbind / root &&
    mount -t tmpfs tmpfs root/mnt && mkdir root/mnt/moved && exec chroot root "$@"`,
    "sh",
  ];
  const { before, failure } = await fail({ command: "no-such-program" }, { prefix, cwd: "/" });
  assert.deepEqual(before.root, ["moved"]);
  assert.deepEqual(failure.after, before);
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
