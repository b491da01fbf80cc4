/** A /run/netns that is not as it should be. */

import assert from "node:assert/strict";
import { type Place, testInOwnRun } from "../helpers/command.ts";

async function refused(place: Place, args: string[], message: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await place.netns(...args);
  assert.deepEqual([exitCode, stdout], [1, ""], `${args.join(" ")}: ${stderr}`);
  assert.match(stderr, message);
  assert.match(stderr, /\n {2}hint: /);
}

testInOwnRun("what is no name stays untouched, and is told what it is", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  const make = `cd /run/netns && ln -s text link && ln -s loop loop && mkfifo fifo && mkdir dir &&
    echo precious > text && touch /run/other`;
  await place.check("sh", "-c", make);
  const all = "find /run -printf '%p %y %l\\n' | sort; cat /run/netns/text";
  const before = await place.check("sh", "-c", all);

  const kinds: [name: string, kind: RegExp][] = [
    ["link", /it is a symbolic link to something else/],
    ["loop", /it is a symbolic link to what cannot be opened/],
    ["fifo", /it is no plain file/],
    ["dir", /it is no plain file/],
    ["text", /it is a file with content/],
  ];
  await Promise.all(kinds.map(([name, kind]) => refused(place, ["delete", name], kind)));
  await Promise.all(
    kinds.map(([name]) => refused(place, ["add", name], /open failed with EEXIST/)),
  );
  for (const [name] of kinds) assert.equal((await place.netns("pids", name)).exitCode, 1);
  assert.equal(await place.succeed("list"), "blue\n");
  assert.equal(await place.succeed("prune"), "");
  assert.equal(await place.check("sh", "-c", all), before);

  await place.succeed("delete", "--all");
  assert.equal(await place.check("sh", "-c", all), before.replace(/^.*\/blue f .*\n/m, ""));
});

testInOwnRun("a link that leads to a namespace, or to nothing, is a name", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  const make = "cd /run/netns && ln -s blue link && ln -s /proc/self/ns/net other && " +
    "ln -s nowhere dangling";
  await place.check("sh", "-c", make);
  // The namespace of all tests may have an id for itself.
  const listed = /^blue\ndangling \(stale\)\nlink\nother( \(id: \d+\))?\n$/;
  assert.match(await place.succeed("list"), listed);
  await place.check("sleep", "5");
  assert.equal(await place.succeed("prune"), "", "what a link leads to may be out of sight");
  await place.succeed("delete", "link");
  assert.match(await place.check("ip", "-n", "blue", "-br", "link"), /^lo /);
  // Where others have links, too, one that leads nowhere need be no name.
  const elsewhere = ["--dir", "/run/elsewhere"];
  await place.check("sh", "-c", "mkdir /run/elsewhere && ln -s nowhere /run/elsewhere/link");
  await place.succeed("delete", "--all", ...elsewhere);
  assert.equal(await place.succeed("list", ...elsewhere), "link (stale)\n");
  await place.succeed("delete", "link", ...elsewhere);
  await place.succeed("delete", "--all");
  assert.equal(
    await place.check("ls", "/run/netns", "/run/elsewhere"),
    "/run/elsewhere:\n\n/run/netns:\n",
  );
});

testInOwnRun(
  "names that are no UTF-8 are told with their bytes, and the exit code",
  async (place) => {
    await place.check("ip", "netns", "add", "blue");
    const odd = "$'/run/netns/b\\xffd'";
    await place.check("bash", "-c", `touch ${odd}; chmod 0 ${odd}; ip netns add $'\\xff'`);
    const listed: [args: string[], stdout: RegExp][] = [
      [["list"], /^blue\n$/],
      [["list", "--json"], /^\[\{"name":"blue",[^}]*\}\]\n$/],
      [["list", "--long", "--json"], /^\[\{"name":"blue",[^}]*"links":\["lo"\],"pids":\[\]\}\]\n$/],
      [["show"], /^blue \(net:\[\d+\]\)\n {2}lo [^\n]*\n$/],
      [["graph", "--json"], /^\{"namespaces":\[.*"label":"blue"/],
      [["exec", "--all", "echo", "ran"], /^\nnetns: blue\nran\n$/],
      [["prune"], /^$/],
      [["delete", "--all"], /^$/],
    ];
    for (const [args, expected] of listed) {
      const { exitCode, stdout, stderr } = await place.netns(...args);
      assert.equal(exitCode, 1, args.join(" "));
      assert.match(stdout, expected);
      const lines = stderr.split("\n").filter((line) => !line.startsWith("  hint: "));
      assert.deepEqual(lines.sort(), [
        "",
        "netns: Cannot tell what $'/run/netns/\\xff' is: the name is no UTF-8",
        `netns: Cannot tell what ${odd} is: the name is no UTF-8`,
      ], args.join(" "));
    }
    assert.equal((await place.check("sh", "-c", "ls /run/netns | wc -l")).trim(), "2");
    // The hint is a line that works.
    const { stderr } = await place.netns("prune");
    const remedies = [...stderr.matchAll(/removed so: (.*)$/mg)].map(([, remedy]) => remedy);
    for (const remedy of remedies) await place.run("bash", "-c", remedy!);
    assert.equal(await place.check("ls", "/run/netns"), "");
    assert.equal(await place.succeed("prune"), "");
  },
);

testInOwnRun("prune tells what it cannot remove, and removes the others", async (place) => {
  const make = "mkdir /run/netns && cd /run/netns && touch busy busy2 stale && " +
    "mount --bind /proc/self/ns/net busy && mount --bind /proc/self/ns/net busy2 && " +
    "mount --bind . . && mount --make-shared /run/netns";
  await place.check("sh", "-c", make);
  await place.check("sleep", "5");
  const { exitCode, stdout, stderr } = await place.netns("prune", "--json");
  assert.equal(exitCode, 1);
  const stale = { name: "stale", path: "/run/netns/stale", reason: "stale" };
  assert.deepEqual(JSON.parse(stdout), [stale]);
  const told = [...stderr.matchAll(/^netns: .*\/(\w+)": unlink failed with EBUSY$/mg)];
  assert.deepEqual(told.map(([, name]) => name), ["busy", "busy2"]);
  assert.equal(await place.check("ls", "/run/netns"), "busy\nbusy2\n");
});

testInOwnRun(
  "only what may be a stale name is taken for one in a directory of others",
  async (place) => {
    const make = "mkdir /run/etc && cd /run/etc && touch lock name && chmod 0 name && " +
      "mount --bind . . && mount --make-shared .";
    const alone = "mkdir /run/alone && cd /run/alone && touch name && chmod 0 name && " +
      "mount --bind . . && mount --make-private . && ln -s alone /run/link";
    await Promise.all([place.check("sh", "-c", make), place.check("sh", "-c", alone)]);
    await place.check("sleep", "5");
    for (const dir of ["/run/alone", "/run/link", "/run/etc/../link/."]) {
      await refused(place, ["prune", "--dir", dir], /in use where this process cannot see/);
    }
    const dir = ["--dir", "/run/etc"];
    assert.equal(await place.succeed("prune", ...dir), "name (stale)\n");
    await place.check("sh", "-c", "cd /run/etc && touch name && chmod 0 name");
    assert.equal(await place.succeed("delete", "--all", ...dir), "");
    assert.equal(
      await place.check("ls", "/run/etc", "/run/alone"),
      "/run/alone:\nname\n\n/run/etc:\nlock\n",
    );
  },
);

testInOwnRun("a directory that cannot be written is told, and nothing is left", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  await place.check("mount", "-o", "remount,ro,bind", "/run/netns");
  await refused(place, ["add", "red"], /open failed with EROFS/);
  assert.equal(await place.succeed("list"), "blue\n");
  await refused(place, ["delete", "--all"], /failed with EROFS/);
  await place.check("umount", "--recursive", "/run/netns");
  await place.check("sh", "-c", "rm -r /run/netns && mount -o remount,ro /run");
  await refused(place, ["add", "red"], /mkdir failed with EROFS/);
  assert.equal(await place.succeed("list"), "");
  assert.equal(await place.succeed("prune"), "");

  await place.check("mount", "-o", "remount,rw,size=4k,nr_inodes=2", "/run");
  await refused(place, ["add", "red"], /failed with ENOSPC\n +hint: the file system is full/);
  assert.equal(await place.check("find", "/run", "-type", "f"), "");
});

testInOwnRun("names of a plain directory stay when it becomes a mount", async (place) => {
  const make = "mkdir /run/netns && cd /run/netns && touch old stale && " +
    "unshare --net mount --bind /proc/self/ns/net old";
  await place.check("sh", "-c", `set -e; ${make}`);
  const listed = "old\nstale (stale)\n";
  assert.equal(await place.succeed("list"), listed);
  await place.succeed("add", "new");
  assert.equal(await place.succeed("list"), `new\n${listed}`);
  assert.match(await place.check("ip", "-n", "old", "-br", "link"), /^lo /);
  await place.succeed("delete", "stale", "new");

  // It is mounted below the mount of the directory too, where only unmounting that leads.
  await refused(place, ["delete", "old"], /unlink failed with EBUSY\n +hint: .*mounted over/);
  await place.check("umount", "--lazy", "/run/netns");
  await place.succeed("delete", "old");
  assert.equal(await place.check("ls", "/run/netns"), "");
});
