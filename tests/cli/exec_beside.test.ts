/** `netns exec` beside `ip netns exec`: the same program finds the same. */

import assert from "node:assert/strict";
import { commandLine, type Place, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { type Skip, skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { type Outcome, runCommand, runtime } from "../helpers/runtime.ts";
import { skipWithoutControlGroups, withVrfGroup } from "../helpers/vrf_group.ts";

const skip = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "nsenter" }),
);

/** The file system for one test: names `blue` and `green`, and an /etc of its own. */
const prepare = `
  mount -t tmpfs tmpfs /mnt && cp -aT /etc /mnt/etc 2>/dev/null
  mount --bind /mnt/etc /etc && cd /mnt && mkdir -p /etc/netns/blue && echo blue > /etc/netns/blue/hosts
  ip netns add blue && ip netns add green`;

function beside(name: string, run: (place: Place) => Promise<void>, unable: Skip = false): void {
  leakChecked(
    name,
    { skip: skipAny(skip, unable), timeout: 120_000 },
    () =>
      withOwnRun(async (place) => {
        await place.check("sh", "-c", prepare);
        await run(place);
      }),
  );
}

/** Runs a script of a shell in which `"$@"` is `netns exec`, with some flags. */
function ours(place: Place, script: string, ...flags: string[]): Promise<Outcome> {
  const command = commandLine("exec", ...flags);
  return runCommand([...place.prefix, "sh", "-c", `cd /mnt; ${script}`, "sh", ...command]);
}

/** The same where it is `ip netns exec`. */
function theirs(place: Place, script: string): Promise<Outcome> {
  const command = ["ip", "netns", "exec"];
  return runCommand([...place.prefix, "sh", "-c", `cd /mnt; ${script}`, "sh", ...command]);
}

/** What both print, which must be the same; one after the other, as a script may write files. */
async function both(place: Place, script: string, ...flags: string[]): Promise<string> {
  const [own, other] = [await ours(place, script, ...flags), await theirs(place, script)];
  assert.deepEqual([other.stderr, other.exitCode], ["", 0], other.stdout);
  assert.deepEqual(own, other);
  return own.stdout;
}

beside("files of /etc/netns/NAME that cannot be mounted are warned of", async (place) => {
  const files = `cd /etc/netns/blue; mkdir passwd ssl new; echo x > profile.d; echo x > group.own;
    ln -s nowhere group; ln -s /etc/nowhere /etc/dangling; echo x > dangling; echo x > ssl/own`;
  await place.check("sh", "-c", files);
  const script = `"$@" blue sh -c 'cat /etc/hosts; ls /etc/ssl; exit 3'`;
  const [own, other] = [await ours(place, script), await theirs(place, script)];
  assert.deepEqual([own.stdout, own.exitCode], [other.stdout, other.exitCode]);
  assert.equal(own.stdout, "blue\nown\n");
  const told = (text: string, pattern: RegExp) =>
    text.split("\n").flatMap((line) => pattern.exec(line)?.slice(1) ?? []);
  assert.deepEqual(
    told(own.stderr, /^netns: warning: Cannot mount (\S+) over (\S+): mount failed with E/),
    told(other.stderr, /^Bind (\S+) -> (\S+) failed: /),
  );
  assert.equal(own.stderr.split("\n").filter((line) => line.startsWith("netns: ")).length, 6);

  await place.check("sh", "-c", "rm -r /etc/netns/blue; echo x > /etc/netns/blue");
  const plain = await ours(place, script);
  assert.equal(plain.exitCode, 3);
  assert.match(plain.stderr, /^netns: warning: Cannot list \/etc\/netns\/blue: .* ENOTDIR/);
});

beside("files of /etc/netns/NAME are not for a name of another directory", async (place) => {
  await place.check(
    "sh",
    "-c",
    "cd /mnt; mkdir other; touch other/blue; mount --bind /run/netns/green other/blue",
  );
  const script = `"$@" blue cat /etc/hosts`;
  const hosts = await place.check("cat", "/etc/hosts");
  assert.equal((await ours(place, script, "--dir=/mnt/other")).stdout, hosts);
  assert.equal((await ours(place, script, "--dir=/run/../run/netns/")).stdout, "blue\n");
});

beside("a script without #! is run by sh", async (place) => {
  await place.check("sh", "-c", "printf 'echo $0 $1' > /mnt/script; chmod +x /mnt/script");
  assert.equal(await both(place, `"$@" blue ./script "one two"`), "./script one two\n");
  const found = await both(place, `PATH=/none::/mnt:$PATH; "$@" blue script two`);
  assert.equal(found, "script two\n");
});

beside("descriptors go on that are asked for, and those of systemd", async (place) => {
  const open = "exec 3</dev/zero 4</dev/full; ";
  const show = "readlink /proc/\\$\\$/fd/3 /proc/\\$\\$/fd/4; echo \\$\\$ \\$LISTEN_PID";
  const program = `exec "$@" blue sh -c "${show}"`;
  const expected = "/dev/zero\n/dev/full\n";
  assert.match(await both(place, `${open}${program} | head -2`, "--preserve-fds", "2"), /full\n$/);
  const activated = await ours(place, `${open} export LISTEN_PID=$$ LISTEN_FDS=2; ${program}`);
  assert.match(activated.stdout, /^\/dev\/zero\n\/dev\/full\n(\d+) \1\n$/, activated.stderr);
  const all = await ours(
    place,
    `${open} "$@" sh -c "${show}" | grep dev`,
    "-a",
    "--preserve-fds=2",
  );
  assert.equal(all.stdout, expected.repeat(2), all.stderr);

  const early = await ours(place, `${open} "$@" true`, "--all", "--preserve-fds=3");
  assert.deepEqual([early.stdout, early.exitCode], ["", 1], early.stderr);

  const wrong: [script: string, count: string, exitCode: number, message: RegExp][] = [
    [open, "3", 1, /Cannot pass descriptor 5 on/],
    ["exec 4</dev/full; ", "2", 1, /Cannot pass descriptor 3 on/],
    [open, "99999", 1, /Cannot pass descriptor \d+ on/],
    [`${open} export LISTEN_PID=$$ LISTEN_FDS=3; `, "0", 1, /Cannot pass descriptor 5 on/],
    [open, "-1", 2, /"-1" is no number of descriptors/],
    [open, "2x", 2, /"2x" is no number of descriptors/],
    [open, "", 2, /"" is no number of descriptors/],
  ];
  for (const [script, count, exitCode, message] of wrong) {
    const refused = await ours(place, `${script}exec "$@" blue true`, `--preserve-fds=${count}`);
    assert.deepEqual([refused.stdout, refused.exitCode], ["", exitCode], refused.stderr);
    assert.match(refused.stderr, message);
  }
});

beside("no other descriptor goes on, be it inherited or the command's own", async (place) => {
  const show = "cd /proc/self/fd && for fd in *; do readlink $fd; done | grep -v ^/proc/";
  const open = "exec 3</dev/zero 4</dev/zero 7</dev/zero 19</dev/zero 200</dev/zero 251</dev/zero";
  const counts: [flags: string[], names: number, passed: number][] = [
    [["blue", "--"], 1, 0],
    [["--preserve-fds=2", "blue", "--"], 1, 2],
    [["--all", "--"], 2, 0],
    [["--all", "--preserve-fds=2", "--"], 2, 2],
  ];
  for (const [flags, names, passed] of counts) {
    const script = `${open} </dev/null 2>/dev/full; exec "$@" bash -c '${show}' | cat`;
    const { stdout, exitCode } = await place.run(
      ...["bash", "-c", script, "bash"],
      ...commandLine("exec", ...flags),
    );
    assert.equal(exitCode, 0);
    const found = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("netns: "));
    const usual = ["/dev/null", "pipe", "/dev/full"];
    const expected = [...usual, ...Array<string>(passed).fill("/dev/zero")];
    assert.deepEqual(
      found.map((target) => target.replace(/:\[\d+\]$/, "")),
      Array.from({ length: names }, () => expected).flat(),
      flags.join(" "),
    );
  }
});

beside("the environment goes on byte by byte, without what a runtime adds", async (place) => {
  const script = `printf 'ADDED=1\\n' > .env; export ODD="$(printf 'a\\377b')"
    "$@" blue sh -c 'tr "\\0" "\\n" < /proc/$$/environ > it; wc -l < it; grep -aE "ODD|ADD" it | od -c'`;
  assert.match(await both(place, script), /^\d+\n0000000 +O +D +D +=\s+a +377 +b +\\n\n0000010\n$/);
});

beside("arguments go on byte by byte; a name that is no UTF-8 is no other name", async (place) => {
  const odd = `odd="$(printf 'x\\377y\\355\\240\\200')"; replaced="$(printf '\\357\\277\\275')"; `;
  const script = `${odd} "$@" blue sh -c 'printf %s "$*" | od -An -tx1' sh "$odd" "" ü "$replaced"`;
  const name = await ours(
    place,
    `${odd} ln -s blue "/run/netns/$replaced"; "$@" "$(printf '\\377')" id`,
  );
  assert.equal(name.stdout, "");
  if (runtime === "deno") {
    // It ends before any program of JavaScript starts.
    const refused = await ours(place, script);
    assert.deepEqual([refused.stdout, refused.exitCode, name.exitCode], ["", 1, 1]);
    assert.match(refused.stderr, /invalid UTF-8/);
    return;
  }
  assert.equal(name.exitCode, 2);
  assert.match(name.stderr, /^netns: "\ufffd" is not what was given: use UTF-8\n/);
  const bytes = "78 ff 79 ed a0 80 20 20 c3 bc 20 ef bf bd";
  assert.equal((await both(place, script)).trim().replaceAll(/\s+/g, " "), bytes);
  const program =
    `${odd} cp /bin/echo "$odd"; PATH=/mnt:$PATH; "$@" blue "$odd" 1; "$@" blue "./$odd" 2`;
  assert.equal(await both(place, program), "1\n2\n");
  const all = await ours(
    place,
    `rm "/run/netns/"*[!a-z]*; ${odd} "$@" printf %s "$odd" | od -An -tx1 | grep -c ff`,
    "--all",
  );
  assert.deepEqual([all.stdout, all.stderr], ["2\n", ""]);
});

beside("the program is in no VRF", (place) =>
  withVrfGroup(async (group, file) => {
    const script = `echo 0 > ${file} || exit 9
      "$@" blue sh -c 'grep ^0: /proc/self/cgroup'; grep ^0: /proc/self/cgroup`;
    const parent = group.replace("/red", "");
    assert.equal(await both(place, script), `0::${parent}\n0::${group}\n`);
  }), skipWithoutControlGroups());

beside("--all gives each program namespaces of its own, and comes back", async (place) => {
  const show = `
    for kind in net mnt; do readlink /proc/self/ns/$kind; done; ls /sys/class/net; cat /etc/hosts
    grep -E '^Sig(Ign|Blk)' /proc/self/status; test -e /proc/$PPID || exit 9; touch /mnt/new
    mount -t tmpfs tmpfs /srv; mount -t tmpfs tmpfs /etc/netns`;
  const other = await place.run("ip", "-all", "netns", "exec", "sh", "-c", show);
  const own = await place.netns("exec", "--all", "sh", "-c", show);
  // Inodes of mount namespaces that are gone are used again; libc has signals 32 and 33 for itself.
  const parts = (text: string) =>
    text.replaceAll(/mnt:\[\d+\]/g, "mnt").replaceAll(
      /(?<=^Sig\w+:\t)\w+/gm,
      (signals) => String(BigInt(`0x${signals}`) & 0x7fffffffn),
    ).split(/^\n(?=netns: )/m).filter(Boolean).sort();
  assert.deepEqual(own, { ...other, stdout: own.stdout });
  assert.deepEqual(parts(own.stdout), parts(other.stdout));
  assert.equal(parts(own.stdout).length, 2);
  const home = await place.check("readlink", "/proc/self/ns/mnt");
  assert.ok(!own.stdout.includes(home));
  assert.equal(
    await place.check("sh", "-c", "grep -c ' /srv tmpfs ' /proc/self/mounts || true"),
    "0\n",
  );

  const missing = await place.netns("exec", "--all", "no-such-program");
  assert.deepEqual([missing.stdout, missing.exitCode], ["\nnetns: blue\n\nnetns: green\n", 127]);
  assert.equal(missing.stderr.match(/Cannot execute "no-such-program"/g)?.length, 2);
});

beside(
  "--all ends where it cannot come back from the first program",
  async (place) => {
    const drop = ["setpriv", "--bounding-set=-sys_chroot", "--"];
    const command = commandLine("exec", "--all", "echo", "ran");
    const { stdout, stderr, exitCode } = await place.run(...drop, ...command);
    assert.deepEqual([stdout, exitCode], ["\nnetns: blue\nran\n", 1]);
    assert.match(
      stderr,
      /^netns: Cannot return to the mount namespace of this process\n +hint: .*CAP_SYS_CHROOT/,
    );
  },
  skipWithout({ command: "setpriv" }),
);
