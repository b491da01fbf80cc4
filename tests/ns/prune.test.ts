/** Which names nobody needs: those of owners that are gone, and stale ones. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MNT_DETACH, MS_BIND, MS_PRIVATE, MS_SHARED } from "../../ffi/constants.ts";
import { NetNS } from "../../mod.ts";
import { libc } from "../../src/libc.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { executable, scriptArguments } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

/** A test with a directory of names of its own. */
function pruning(name: string, run: (dir: string) => Promise<void>): void {
  leakChecked(
    name,
    { skip: skipUnlessPrivileged() },
    () => inTemporaryDirectory((parent) => run(path.join(parent, "names"))),
  );
}

/** Runs a function while another process owns a name. */
async function withOwner(
  dir: string,
  name: string,
  run: (owner: ChildProcess) => void | Promise<void>,
): Promise<void> {
  const script = new URL("../fixtures/name_owner.ts", import.meta.url);
  const args = scriptArguments(script, { args: [dir, name] });
  const owner = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(owner, "close");
  try {
    const [line] = await once(owner.stdout, "data");
    assert.equal(String(line), `owns ${dir}/${name}\n`);
    await run(owner);
  } finally {
    owner.kill("SIGKILL");
    await ended;
  }
}

const names = (dir: string) => NetNS.list({ dir }).map(({ name }) => name);
const records = (dir: string) => fs.readdirSync(`${dir}.owners`).sort();

pruning("the name of a killed owner is pruned, that of a living one stays", async (dir) => {
  const mine = NetNS.create({ name: "mine", dir, owner: true });
  await NetNS.create({ name: "nobodys", dir }).close();
  await withOwner(dir, "theirs", () => {
    assert.deepEqual(NetNS.prune({ dir }), []);
    assert.deepEqual(names(dir), ["mine", "nobodys", "theirs"]);
  });
  const abandoned = { name: "theirs", path: `${dir}/theirs`, reason: "abandoned" };
  assert.deepEqual(NetNS.prune({ dir, dryRun: true }), [abandoned]);
  assert.deepEqual(names(dir), ["mine", "nobodys", "theirs"]);
  assert.deepEqual(NetNS.prune({ dir }), [abandoned]);
  assert.deepEqual(NetNS.prune({ dir }), []);
  assert.deepEqual([names(dir), records(dir)], [["mine", "nobodys"], ["mine"]]);

  await mine.close();
  assert.deepEqual(NetNS.prune({ dir }).map(({ name }) => name), ["mine"]);
  assert.deepEqual([names(dir), records(dir)], [["nobodys"], []]);
});

pruning("a name that others made again is theirs, even with the same inode number", async (dir) => {
  const owner = NetNS.create({ name: "blue", dir, owner: true });
  const id = String(owner.id);
  // As `ip netns delete` and `ip netns add` do, which know of no records.
  assert.equal(libc().umount2(`${dir}/blue`, MNT_DETACH), 0);
  fs.rmSync(`${dir}/blue`);
  await owner.close();
  const record = `${dir}.owners/blue`;
  assert.ok(fs.readFileSync(record, "utf8").endsWith(` ${id}\n`));
  const again = NetNS.create({ name: "blue", dir });
  const { dev, inode } = again;
  fs.writeFileSync(record, `${dev} ${inode} ${id}\n`);
  assert.deepEqual(NetNS.prune({ dir, dryRun: true }), []);
  assert.deepEqual(records(dir), ["blue"]);
  assert.deepEqual(NetNS.prune({ dir }), []);
  assert.deepEqual([names(dir), records(dir)], [["blue"], []]);
  fs.writeFileSync(record, `${dev} ${inode} ${again.id}\n`);
  assert.deepEqual(NetNS.prune({ dir }).map(({ reason }) => reason), ["abandoned"]);
  await again.close();
});

pruning("whoever replaces a name that has an owner owns it", async (dir) => {
  const first = NetNS.create({ name: "blue", dir, owner: true });
  const second = NetNS.create({ name: "blue", dir, owner: true, exist: "replace" });
  await first.close();
  assert.deepEqual(NetNS.prune({ dir }), []);
  const third = NetNS.create({ name: "blue", dir, exist: "replace" });
  await second.close();
  assert.deepEqual(NetNS.prune({ dir }), []);
  assert.deepEqual([names(dir), records(dir)], [["blue"], []]);
  await third.close();
});

pruning("a name that is deleted, or was only opened, has no owner", async (dir) => {
  const owner = NetNS.create({ name: "blue", dir, owner: true });
  const opened = NetNS.create({ name: "blue", dir, owner: true, exist: "open" });
  await opened.close();
  assert.deepEqual(NetNS.prune({ dir }), []);
  NetNS.delete("blue", { dir });
  assert.deepEqual(records(dir), []);
  await owner.close();
  assert.deepEqual(NetNS.prune({ dir }), []);
});

pruning("a stale file is pruned when it is old, and only what is a name", async (dir) => {
  await NetNS.create({ name: "kept", dir }).close();
  await NetNS.create({ name: "stale", dir }).close();
  libc().umount2(`${dir}/stale`, MNT_DETACH);
  fs.writeFileSync(`${dir}/content`, "no name");
  fs.symlinkSync("kept", `${dir}/link`);
  assert.deepEqual(NetNS.prune({ dir }), [], "it may be a name that is being made");
  fs.writeFileSync(`${dir}/more`, "no name either");
  await sleep(5100);
  fs.writeFileSync(`${dir}/young`, "");
  assert.deepEqual(NetNS.prune({ dir }), [
    { name: "stale", path: `${dir}/stale`, reason: "stale" },
  ]);
  assert.deepEqual(fs.readdirSync(dir).sort(), ["content", "kept", "link", "more", "young"]);
});

/** Lays the directory over itself, so that of what is mounted in it only empty files are seen. */
function hideMounts(dir: string): void {
  const { mount } = libc();
  assert.equal(mount(dir, dir, "none", MS_BIND, null), 0);
  assert.equal(mount("", dir, "none", MS_PRIVATE, null), 0);
  assert.equal(mount("", dir, "none", MS_SHARED, null), 0);
}

pruning("what cannot be removed is told, and keeps nothing else", async (dir) => {
  fs.mkdirSync(dir);
  for (const name of ["a busy", "b stale", "c busy"]) fs.writeFileSync(`${dir}/${name}`, "");
  fs.chmodSync(`${dir}/b stale`, 0);
  for (const name of ["a busy", "c busy"]) {
    fs.chmodSync(`${dir}/${name}`, 0);
    const mounted = libc().mount("/proc/self/ns/net", `${dir}/${name}`, "none", MS_BIND, null);
    assert.equal(mounted, 0);
  }
  hideMounts(dir);
  await NetNS.create({ name: "d abandoned", dir, owner: true }).close();
  await sleep(5100);
  const errorOf = (name: string) => ({ code: "EBUSY", path: `${dir}/${name}` });
  assert.throws(() => NetNS.prune({ dir }), (error) => {
    assert.ok(error instanceof AggregateError);
    const found = error.errors.map(({ code, path }) => ({ code, path }));
    assert.deepEqual(found, [errorOf("a busy"), errorOf("c busy")]);
    assert.match(error.message, /a busy": unlink failed with EBUSY; .*c busy": unlink failed/);
    return true;
  });
  assert.deepEqual(names(dir), ["a busy", "c busy"]);

  libc().umount2(dir, MNT_DETACH);
  libc().umount2(`${dir}/c busy`, MNT_DETACH);
  hideMounts(dir);
  assert.throws(() => NetNS.prune({ dir }), errorOf("a busy"));
  assert.deepEqual(names(dir), ["a busy"]);
});

pruning(
  "where mounts of others are not seen, names of owners that are gone are pruned",
  async (dir) => {
    await NetNS.create({ name: "abandoned", dir, owner: true }).close();
    await NetNS.create({ name: "out of sight", dir, owner: true }).close();
    assert.equal(libc().umount2(`${dir}/out of sight`, MNT_DETACH), 0);
    assert.equal(libc().mount("", dir, "none", MS_PRIVATE, null), 0);
    await sleep(5100);
    assert.throws(() => NetNS.prune({ dir }), { code: "ERR_NETNS_UNSUPPORTED" });
    assert.deepEqual([names(dir), records(dir)], [["out of sight"], ["out of sight"]]);
  },
);

pruning("a record that cannot be made takes the name back", async (dir) => {
  fs.mkdirSync(path.dirname(dir), { recursive: true });
  fs.writeFileSync(`${dir}.owners`, "in the way");
  assert.throws(() => NetNS.create({ name: "blue", dir, owner: true }), { code: "ENOTDIR" });
  assert.deepEqual(names(dir), []);
  await Promise.resolve();
});

pruning("a file beside the records that is none, or behind a link, stays", async (dir) => {
  fs.mkdirSync(`${dir}.owners`);
  fs.writeFileSync(path.join(`${dir}.owners`, "blue"), "precious");
  await NetNS.create({ name: "blue", dir }).close();
  NetNS.delete("blue", { dir });
  assert.deepEqual(records(dir), ["blue"]);
  fs.renameSync(`${dir}.owners`, `${dir}.elsewhere`);
  fs.symlinkSync(`${dir}.elsewhere`, `${dir}.owners`);
  assert.throws(() => NetNS.create({ name: "red", dir, owner: true }), { code: "ELOOP" });
  assert.deepEqual(names(dir), []);
  assert.equal(fs.readFileSync(path.join(`${dir}.elsewhere`, "blue"), "utf8"), "precious");
});

leakChecked("wrong options are refused", { skip: skipUnlessPrivileged() }, () => {
  assert.throws(() => NetNS.prune({ dryRun: 1 } as object), TypeError);
  assert.throws(() => NetNS.prune({ dri: "/x" } as object), TypeError);
  assert.throws(() => NetNS.create({ owner: true }), /owner/);
});
