import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MNT_DETACH, MS_BIND } from "../../ffi/constants.ts";
import { type NameEvent, NetNS } from "../../mod.ts";
import { libc } from "../../src/libc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { executable, scriptArguments } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const skip = skipUnlessPrivileged();

/** A test with a directory of names of its own, which is not there yet. */
function watching(name: string, run: (dir: string) => Promise<void>): void {
  leakChecked(
    name,
    { skip },
    () => inTemporaryDirectory((parent) => run(path.join(parent, "a/b"))),
  );
}

async function add(name: string, dir: string): Promise<void> {
  await NetNS.create({ name, dir, loopback: false }).close();
}

/** The next events, as `add blue`; the iterator goes on. */
async function take(events: AsyncIterator<NameEvent, undefined>, count: number) {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value } = await events.next();
    taken.push(value === undefined ? "end" : `${value.type} ${value.name}`);
  }
  return taken;
}

watching("names are told as they come and go, those there before only as they go", async (dir) => {
  await add("old", dir);
  const events = NetNS.watch({ dir });
  await add("new", dir);
  NetNS.delete("old", { dir });
  assert.deepEqual(await take(events, 2), ["delete old", "add new"]);
  NetNS.delete("new", { dir });
  assert.deepEqual(await take(events, 1), ["delete new"]);
  await events.return!();
});

watching("a name that is no UTF-8 is not told as another one", async (dir) => {
  await add("\ufffd", dir);
  const events = NetNS.watch({ dir });
  const script = `cd "$1" && f="$(printf '\\377')" && touch "$f" && rm "$f"`;
  assert.equal(spawnSync("sh", ["-c", script, "sh", dir]).status, 0);
  await add("\ufeffnew", dir);
  assert.deepEqual(await take(events, 1), ["add \ufeffnew"]);
  NetNS.delete("\ufffd", { dir });
  assert.deepEqual(await take(events, 1), ["delete \ufffd"]);
  await events.return!();
});

watching("an iterator that is left, aborted or returned has ended", async (dir) => {
  const controller = new AbortController();
  const aborted = NetNS.watch({ dir, signal: controller.signal });
  const waiting = aborted.next();
  controller.abort();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.deepEqual(await aborted.next(), { done: true, value: undefined });

  const early = NetNS.watch({ dir, signal: AbortSignal.abort() });
  assert.equal((await early.next()).done, true);

  const left = NetNS.watch({ dir });
  await add("one", dir);
  for await (const { name } of left) {
    assert.equal(name, "one");
    break;
  }
  assert.equal((await left.next()).done, true);
});

watching("a name is told only when it can be used", async (dir) => {
  await add("made", dir);
  const events = NetNS.watch({ dir });
  const slow = path.join(dir, "slow");
  fs.writeFileSync(slow, "");
  fs.writeFileSync(path.join(dir, "content"), "no name");
  const next = take(events, 1);
  const early = await Promise.race([next, delay(100, "nothing yet")]);
  assert.equal(early, "nothing yet");
  const { mount } = libc();
  assert.equal(mount(path.join(dir, "made"), slow, "none", MS_BIND, null), 0);
  assert.deepEqual(await next, ["add slow"]);
  fs.writeFileSync(path.join(dir, "never"), "");
  fs.rmSync(path.join(dir, "never"));
  fs.rmSync(path.join(dir, "content"));
  NetNS.delete("made", { dir });
  assert.deepEqual(await take(events, 1), ["delete made"]);
  await events.return!();
});

watching("each of many names is told once, and usable then, whoever makes them", async (dir) => {
  const events = NetNS.watch({ dir });
  const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
  const made = (async () => {
    for (const name of names) {
      await add(name, dir);
      await delay(0);
    }
  })();
  const told: string[] = [];
  while (told.length < names.length) {
    const { value } = await events.next();
    assert.equal(value!.type, "add");
    await NetNS.fromName(value!.name, { dir }).close();
    told.push(value!.name);
  }
  await made;
  assert.deepEqual(told.sort(), names.sort());
  await events.return!();
});

watching("the directory may be missing, and may be made again", async (dir) => {
  const events = NetNS.watch({ dir });
  const first = take(events, 1);
  await add("one", dir);
  assert.deepEqual(await first, ["add one"]);
  NetNS.delete("one", { dir });
  libc().umount2(dir, MNT_DETACH);
  fs.rmdirSync(dir);
  assert.deepEqual(await take(events, 1), ["delete one"]);
  fs.rmdirSync(path.dirname(dir));
  const again = take(events, 1);
  await delay(20);
  await add("two", dir);
  assert.deepEqual(await again, ["add two"]);
  await events.return!();
});

watching("what the kernel's queue was too short for is found by comparison", async (dir) => {
  const limit = Number(fs.readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8"));
  await Promise.all(["old", "kept"].map((name) => add(name, dir)));
  const events = NetNS.watch({ dir });
  const file = path.join(dir, "flood");
  for (let count = 0; count <= limit / 2; count++) {
    fs.writeFileSync(file, "");
    fs.rmSync(file);
  }
  await add("new", dir);
  NetNS.delete("old", { dir });
  assert.deepEqual((await take(events, 2)).sort(), ["add new", "delete old"]);
  NetNS.delete("kept", { dir });
  assert.deepEqual(await take(events, 1), ["delete kept"]);
  await events.return!();
});

watching("a process ends that watches and does not wait, and stays while it waits", async (dir) => {
  await add("old", dir);
  const script = new URL("../fixtures/watch_end.ts", import.meta.url);
  const args = scriptArguments(script, { args: [dir] });
  const child = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const [first] = await once(child.stdout, "data");
  assert.equal(String(first), "waits\n");
  assert.equal(await Promise.race([ended, delay(300, "still there")]), "still there");
  await add("new", dir);
  const [second] = await once(child.stdout, "data");
  assert.equal(String(second), "add new\n");
  assert.deepEqual(await ended, [0, null]);
});

leakChecked("what ip netns adds and deletes is told", {
  skip: skipAny(skip, skipWithout({ command: "ip" })),
}, async () => {
  const name = `watch-${Math.random().toString(36).slice(2)}`;
  const events = NetNS.watch();
  const ours = async () => {
    for (;;) {
      const { value } = await events.next();
      if (value!.name === name) return value!.type;
    }
  };
  assert.equal(spawnSync("ip", ["netns", "add", name]).status, 0);
  assert.equal(await ours(), "add");
  assert.equal(spawnSync("ip", ["netns", "del", name]).status, 0);
  assert.equal(await ours(), "delete");
  await events.return!();
});

leakChecked(
  "a file in place of the directory is refused, and so are wrong options",
  { skip },
  () => {
    assert.throws(() => NetNS.watch({ dir: "/etc/passwd" }), { code: "ENOTDIR" });
    assert.throws(() => NetNS.watch({ dir: "" }), RangeError);
    assert.throws(() => NetNS.watch({ signal: {} as AbortSignal }), TypeError);
    assert.throws(() => NetNS.watch({ dri: "/x" } as object), TypeError);
  },
);

leakChecked(
  "all namespaces are listed once: of names, threads and descriptors",
  { skip },
  () =>
    inTemporaryDirectory(async (dir) => {
      const named = NetNS.create({ name: "blue", dir });
      const unnamed = NetNS.create();
      const found = NetNS.list({ dir, all: true });
      const inodes = found.map(({ inode }) => inode);
      assert.equal(new Set(inodes).size, inodes.length);
      assert.equal(found.find(({ inode }) => inode === named.inode)?.name, "blue");
      for (const ns of [unnamed, NetNS.home()]) {
        const one = found.find(({ inode }) => inode === ns.inode)!;
        assert.equal(one.name, undefined);
        const opened = NetNS.fromPath(one.path);
        assert.ok(opened.equals(ns));
        await opened.close();
      }
      await unnamed.do(() => {});
      const { inode } = unnamed;
      assert.ok(NetNS.list({ dir, all: true }).some((entry) => entry.inode === inode));
      await Promise.all([named.close(), unnamed.close()]);
      NetNS.delete("blue", { dir });
    }),
);
