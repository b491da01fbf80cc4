/** What `netns` makes `ip netns` sees, and the other way round. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { testInOwnRun, withoutPassersBy } from "../helpers/command.ts";

const sorted = (text: string) => text.split("\n").filter(Boolean).sort();

testInOwnRun(
  "names are added and deleted for ip netns, and listed as it lists them",
  async (place) => {
    assert.equal(await place.succeed("list"), "");
    await place.succeed("add", "blue");
    const hint = "  hint: choose another name, or delete it: netns delete blue\n";
    for (const again of [["add", "blue"], ["attach", "blue", String(process.pid)]]) {
      const { stdout, stderr, exitCode } = await place.netns(...again);
      assert.deepEqual([stdout, exitCode], ["", 1]);
      assert.match(stderr, /^netns: Cannot .* open failed with EEXIST\n/);
      assert.ok(stderr.endsWith(hint), stderr);
    }
    await place.check("ip", "netns", "add", "green");
    const listed = sorted(await place.check("ip", "netns", "list"));
    assert.deepEqual(listed, ["blue", "green"]);
    assert.deepEqual(sorted(await place.succeed("ls")), listed);
    const links = await place.check("ip", "-n", "blue", "-br", "link");
    assert.match(links, /^lo +DOWN/);

    const mounts = await place.check("grep", "-c", " /netns /run/netns ", "/proc/self/mountinfo");
    assert.equal(mounts, "1\n");

    await place.succeed("del", "green", "blue");
    assert.equal(await place.check("ip", "netns", "list"), "");
  },
);

testInOwnRun("ids, processes and names agree with ip netns", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  const id = 2e6 + process.pid; // The ids are those of a namespace that other tests are in too.
  await place.succeed("set", "blue", String(id));
  assert.match(await place.check("ip", "netns", "list"), new RegExp(`^blue \\(id: ${id}\\)$`, "m"));
  assert.equal(await place.succeed("list"), `blue (id: ${id})\n`);
  const entries = JSON.parse(await place.succeed("list", "--json"));
  const [entry] = JSON.parse(await place.check("ip", "-j", "netns", "list"));
  assert.deepEqual({ ...entries[0], ...entry }, entries[0], "members of ip -j are ours");
  // Other tests make and lose ids at the same time.
  const blue = (ids: string) =>
    JSON.parse(ids).filter(({ nsid }: { nsid: number }) => nsid === id) as unknown;
  assert.deepEqual(
    blue(await place.succeed("list-id", "-j")),
    blue(await place.check("ip", "-j", "netns", "list-id")),
  );

  await place.succeed("add", "other");
  const given = (await place.succeed("set", "other", "auto")).trim();
  assert.ok((await place.succeed("list")).includes(`other (id: ${given})\n`));

  const again = await place.netns("set", "blue", "8");
  assert.equal(again.exitCode, 1);
  assert.ok(again.stderr.includes(`has the id ${id} already`), again.stderr);

  const child = spawn(place.prefix[0]!, [
    ...place.prefix.slice(1),
    ...["ip", "netns", "exec", "blue", "sh", "-c", "echo $$; exec sleep 600"],
  ], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [printed] = await once(child.stdout, "data");
    const pid = String(printed).trim();
    const alone = `${pid}\n`;
    const pids = (ask: () => Promise<string>) => withoutPassersBy(ask, (told) => told === alone);
    assert.equal(await pids(() => place.succeed("pids", "blue")), alone);
    assert.equal(await place.succeed("identify", pid), "blue\n");
    assert.equal(await place.succeed("identify", "self"), await place.succeed("identify"));
    await place.succeed("attach", "second", pid);
    assert.deepEqual(sorted(await place.succeed("identify", pid)), ["blue", "second"]);
    assert.equal(await pids(() => place.check("ip", "netns", "pids", "second")), alone);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

testInOwnRun("stale names are told, listed, and pruned when they are old", async (place) => {
  await place.succeed("add", "blue");
  await place.check("umount", "/run/netns/blue");
  assert.equal(await place.succeed("list"), "blue (stale)\n");
  const entered = await place.netns("exec", "blue", "true");
  assert.equal(entered.exitCode, 1);
  assert.match(entered.stderr, /not a namespace\n +hint: /);
  await place.check("sleep", "5");
  assert.equal(await place.succeed("prune", "--dry-run"), "blue (stale)\n");
  assert.equal(await place.succeed("prune"), "blue (stale)\n");
  assert.equal(await place.check("ls", "/run/netns"), "");
});

testInOwnRun(
  "hostile names are refused before anything is made, mounted or deleted",
  async (place) => {
    await place.succeed("add", "blue");
    for (const name of ["", ".", "..", "a/b", "../x", "a\nb", "x".repeat(256)]) {
      for (const command of [["add"], ["delete", "--if-exists"]]) {
        const { exitCode, stdout, stderr } = await place.netns(...command, "--", name);
        const allowed = name === "a\nb" && command[0] === "delete";
        assert.deepEqual(
          [exitCode, stdout],
          [allowed ? 0 : 2, ""],
          `${command} ${name}: ${stderr}`,
        );
        assert.equal(stderr === "", allowed);
      }
    }
    assert.equal((await place.netns("add", "--", "-x")).exitCode, 2);
    for (const name of ["x".repeat(255), "blau-ü", "a b"]) await place.succeed("add", name);
    const names = await place.check("ls", "/run/netns");
    assert.deepEqual(sorted(names), sorted(`${"x".repeat(255)}\nblau-ü\na b\nblue`));
  },
);
