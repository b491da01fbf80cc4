/** Where a process is that becomes a program: its files of /etc, its root, its VRF. */

import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import { become, fail, fixture } from "../helpers/execvp.ts";
import { skipAny, skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { timeLimit, usualLimit } from "../helpers/time_limit.ts";
import { skipWithoutControlGroups, withVrfGroup } from "../helpers/vrf_group.ts";

const privileged = { skip: skipUnlessPrivileged(), timeout: timeLimit(usualLimit) };

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
