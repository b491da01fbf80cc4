/** What `list --long`, `show` and others tell where they may not see everything. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { NetNS } from "../../mod.ts";
import { lookInside } from "../../src/cli/look_inside.ts";
import { listAll } from "../../src/all_namespaces.ts";
import { commandFile, netns as runNetns, type Place, withOwnRun } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  asOrdinaryUser,
  ordinaryUserEnvironment,
  skipUnlessReadableByUsers,
} from "../helpers/ordinary_user.ts";
import {
  type Skip,
  skipAny,
  skipOn,
  skipUnlessPrivileged,
  skipWithout,
} from "../helpers/requirements.ts";
import type { Outcome } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const privileged = skipAny(
  skipUnlessPrivileged(),
  skipWithout({ command: "ip" }),
  skipWithout({ command: "nsenter" }),
  skipWithout({ command: "unshare" }),
);
const asUser = skipAny(
  privileged,
  skipWithout({ command: "setpriv" }),
  skipUnlessReadableByUsers(commandFile),
);

/** Runs the command as somebody else, or behind other commands. */
type Run = (...args: string[]) => Promise<Outcome>;

/** A test with two names, whose commands run behind a prefix. */
function seeing(
  name: string,
  skip: Skip,
  prefix: readonly string[],
  run: (netns: Run, place: Place) => Promise<void>,
): void {
  leakChecked(
    name,
    { skip, timeout: 120_000 },
    () =>
      withOwnRun((place) =>
        inTemporaryDirectory(async (home) => {
          fs.chmodSync(home, 0o777);
          for (const name of ["blue", "green"]) await place.check("ip", "netns", "add", name);
          const env = ordinaryUserEnvironment(home);
          await run(
            (...args) => runNetns(args, { prefix: [...place.prefix, ...prefix], env }),
            place,
          );
        })
      ),
  );
}

seeing("an ordinary user is told what he may see, and why not more", asUser, asOrdinaryUser, async (
  netns,
  place,
) => {
  const [long, json, show, one] = await Promise.all([
    netns("list", "--long"),
    netns("list", "--long", "--json"),
    netns("show"),
    netns("show", "--json", "green"),
  ]);
  assert.match(long.stdout, /^NAME .*\nblue +\d+ +- +- +\?\ngreen +\d+ +- +- +\?\n$/);
  const why = (name: string) =>
    `Cannot enter network namespace "/run/netns/${name}": setns failed with EPERM`;
  const told = `netns: ${why("blue")}\nnetns: ${why("green")}\n  hint: `;
  for (const { exitCode, stderr } of [long, json, show]) {
    assert.equal(exitCode, 1);
    assert.ok(stderr.startsWith(told), stderr);
    assert.equal(stderr.split("hint:").length, 2, "what helps all is told once");
  }
  const entries = JSON.parse(json.stdout);
  const inodes = await Promise.all(
    ["blue", "green"].map(async (name) =>
      Number(await place.check("stat", "-Lc", "%i", `/run/netns/${name}`))
    ),
  );
  assert.deepEqual(
    entries,
    ["blue", "green"].map((name, index) => ({
      ...{ name, path: `/run/netns/${name}`, inode: inodes[index], pids: [], error: why(name) },
    })),
  );
  assert.match(
    show.stdout,
    /^blue \(net:\[\d+\]\)\n {2}links, addresses, routes, listening: \?\n\n/,
  );
  assert.equal(one.exitCode, 1);
  const [green] = JSON.parse(one.stdout);
  assert.deepEqual([green.name, green.links, green.error], ["green", undefined, why("green")]);

  await place.check("chmod", "711", "/run/netns");
  const unlisted = await netns("list");
  assert.deepEqual([unlisted.exitCode, unlisted.stdout], [1, ""]);
  assert.match((await netns("show", "blue")).stdout, /^blue \(net:/, "it can be opened by name");
});

/** What `netns graph --json` prints, as far as it is needed here. */
interface Picture {
  namespaces: { id: string; label: string; inode: number; links?: unknown[]; error?: string }[];
  edges: unknown[];
}

seeing("a namespace that may not be seen is in the graph, marked", asUser, asOrdinaryUser, async (
  netns,
  place,
) => {
  const [json, mermaid, dot, svg] = await Promise.all([
    netns("graph", "--json"),
    netns("graph"),
    netns("graph", "--format=dot"),
    netns("graph", "--format=svg"),
  ]);
  for (const { exitCode, stderr } of [json, mermaid, dot, svg]) {
    assert.equal(exitCode, 1);
    for (const name of ["blue", "green"]) {
      const told = `netns: Cannot enter network namespace "/run/netns/${name}": setns failed with`;
      assert.ok(stderr.includes(`${told} EPERM\n`), stderr);
    }
    assert.equal(stderr.split("hint:").length, 2, "what helps all is told once");
  }
  const { namespaces }: Picture = JSON.parse(json.stdout);
  for (const name of ["blue", "green"]) {
    const inode = Number(await place.check("stat", "-Lc", "%i", `/run/netns/${name}`));
    const area = namespaces.find(({ label }) => label === name);
    const error = `Cannot enter network namespace "/run/netns/${name}": setns failed with EPERM`;
    assert.deepEqual(area, { id: `n${inode}`, label: name, inode, error });
    const node = `n${inode}_unseen`;
    assert.ok(mermaid.stdout.includes(`  subgraph n${inode}["${name}"]\n    ${node}["?"]\n  end`));
    assert.ok(dot.stdout.includes(`    label="${name}";\n    ${node} [label="?"];\n`));
    assert.ok(svg.stdout.includes(`>${name}<`));
  }

  await place.check("chmod", "700", "/run/netns/");
  const hidden = await netns("graph", "--json");
  assert.deepEqual([hidden.exitCode, hidden.stdout], [1, ""]);
  assert.match(hidden.stderr, /Cannot list network namespaces: open failed with EACCES/);
});

seeing("one of several names that is not there does not keep the others", privileged, [], async (
  netns,
) => {
  const { exitCode, stdout, stderr } = await netns("show", "blue", "red", "green");
  assert.equal(exitCode, 1);
  assert.match(stdout, /^blue \(.*\n( .*\n)+\ngreen \(/);
  assert.match(
    stderr,
    /^netns: Cannot open .*\/red": there is no such name\n {2}hint: `netns list --all` .*\n$/,
  );
});

leakChecked(
  "what has gone since it was listed is left out, and missed where it was named",
  { skip: privileged },
  () =>
    inTemporaryDirectory(async (dir) => {
      const looks = { links: async (ns: NetNS) => (await ns.link.list()).map(({ name }) => name) };
      await NetNS.create({ name: "blue", dir, loopback: false }).close();
      const child = spawn("unshare", ["--net", "sh", "-c", "echo; exec sleep 600"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      const path = `/proc/${child.pid}/ns/net`;
      const unnamed = listAll({ dir }).find((entry) => entry.path === path)!;
      assert.ok(unnamed.inode > 0);
      const [blue] = NetNS.list({ dir });
      const entries = [{ name: "gone", path: `${dir}/gone`, inode: 1 }, blue!];

      const moved = { ...unnamed, inode: 1 };
      const before = await lookInside([...entries, unnamed, moved], looks, true);
      child.kill("SIGKILL");
      await once(child, "exit");
      const after = await lookInside([...entries, unnamed], looks, true);
      assert.deepEqual(before.described.map(({ path }) => path), [blue!.path, path]);
      assert.deepEqual(after.described.map(({ links, pids }) => [links, pids]), [[["lo"], []]]);
      assert.deepEqual([before.errors, after.errors], [[], []]);

      const named = await lookInside(entries, looks, false);
      assert.deepEqual(named.described.map(({ name }) => name), ["blue"]);
      assert.deepEqual(named.errors.map(({ code }) => code), ["ERR_NETNS_NOT_FOUND"]);
      NetNS.delete("blue", { dir });
    }),
);

/** A shell that changes /proc for the command that it becomes. */
const withProc = (change: string) => [
  ...["unshare", "--mount", "--propagation", "private", "sh", "-c"],
  `${change} && exec "$@"`,
  "sh",
];
const hidepid = "mount -t proc -o hidepid=2 proc /proc";

seeing(
  "where the processes of others are hidden, the rest is told",
  asUser,
  [...withProc(hidepid), ...asOrdinaryUser],
  async (netns, place) => {
    const sleeping = spawn(place.prefix[0]!, [
      ...place.prefix.slice(1),
      ...["ip", "netns", "exec", "green", "sh", "-c", "echo $$; exec sleep 600"],
    ], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const pid = String((await once(sleeping.stdout, "data"))[0]).trim();
      const [pids, all, identified] = await Promise.all([
        netns("pids", "green"),
        netns("list", "--all"),
        netns("identify", pid),
      ]);
      assert.deepEqual([pids.stdout, pids.stderr, pids.exitCode], ["", "", 0]);
      // Its own has no name; others of the same user may be there.
      assert.match(all.stdout, /^blue\ngreen\n(\/proc\/\S+( \(id: \d+\))?\n)+$/);
      assert.deepEqual([all.stderr, all.exitCode], ["", 0]);
      assert.deepEqual([identified.stdout, identified.exitCode], ["", 1]);
      assert.match(identified.stderr, /^netns: Cannot open the network namespace of process \d+/);
    } finally {
      sleeping.kill("SIGKILL");
      await once(sleeping, "exit");
    }
  },
);

seeing(
  "root sees through hidden processes",
  privileged,
  withProc(hidepid),
  async (netns, place) => {
    const { stdout, stderr, exitCode } = await netns("list", "--long", "--all");
    assert.deepEqual([stderr, exitCode], ["", 0]);
    assert.match(stdout, /^blue +\d+ +- +- +lo$/m);
    assert.match(stdout, /^\/proc\/.* processes +lo/m);
    await place.check("true");
  },
);

const noProc = skipAny(privileged, skipOn(["bun", "deno"], "does not start without /proc"));
const states: [what: string, change: string][] = [
  ["missing", "mount -t tmpfs tmpfs /proc"],
  ["of another pid namespace", "unshare --pid --fork mount -t proc proc /proc"],
];
for (const [what, change] of states) {
  seeing(`a /proc that is ${what} is told, with what helps`, noProc, withProc(change), async (
    netns,
  ) => {
    for (const args of [["list"], ["list", "-l"], ["pids", "blue"], ["add", "red"], ["prune"]]) {
      const { exitCode, stdout, stderr } = await netns(...args);
      assert.deepEqual([exitCode, stdout], [1, ""], `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, /^netns: Cannot .*ENOENT\n {2}hint: \/proc is not mounted, or /);
    }
  });
}
