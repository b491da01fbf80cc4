import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import {
  LOCK_EX,
  MNT_DETACH,
  MS_BIND,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  O_CLOEXEC,
  O_DIRECTORY,
} from "../../ffi/constants.ts";
import { createAnonymous } from "../../src/create.ts";
import { isNetNSError } from "../../src/errors.ts";
import { libc } from "../../src/libc.ts";
import { escapeName } from "../../src/name.ts";
import {
  createNamed,
  deleteNamed,
  identify,
  listNamed,
  openNamed,
  pinNamespace,
  unreadableNames,
} from "../../src/named.ts";
import { bindName } from "../../src/named_file.ts";
import { Namespace } from "../../src/namespace.ts";
import { home, inside } from "../../src/position.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { mountsOn } from "../helpers/named_files.ts";
import { openNamespaces } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { whereAmI } from "../helpers/where_am_i.ts";

const skip = skipUnlessPrivileged();
const fail = { loopback: false, exist: "fail" } as const;

/** A test with a directory of names of its own, which is not there yet. */
function named(name: string, run: (dir: string) => void): void {
  leakChecked(
    name,
    { skip },
    () => inTemporaryDirectory((parent) => run(path.join(parent, "a/b"))),
  );
}

/** Creates a name and closes the handle; returns the inode of the namespace. */
function create(name: string, dir: string): number {
  const created = createNamed(name, { ...fail, dir });
  created.close();
  return created.inode;
}

const filesOf = (dir: string) => fs.existsSync(dir) ? fs.readdirSync(dir).sort() : [];

named("creating a name makes its path, and deleting it removes that", (dir) => {
  const created = createNamed("blue", { ...fail, dir });
  assert.equal(created.name, "blue");
  assert.equal(created.path, `${dir}/blue`);
  assert.equal(created.label, `network namespace "${dir}/blue"`);
  assert.equal(fs.statSync(`${dir}/blue`).ino, created.inode);
  assert.equal(mountsOn(`${dir}/blue`), 1);
  assert.equal(whereAmI(), home().inode);
  created.close();
  deleteNamed("blue", { dir });
  assert.deepEqual(filesOf(dir), []);
  assert.equal(mountsOn(`${dir}/blue`), 0);
});

named("a name outlives its handle, and is opened again", (dir) => {
  const inode = create("blue", dir);
  const opened = openNamed("blue", { dir });
  assert.deepEqual([opened.inode, opened.name, opened.path], [inode, "blue", `${dir}/blue`]);
  opened.close();
  deleteNamed("blue", { dir });
});

named("a handle stays usable after its name was deleted", (dir) => {
  const created = createNamed("blue", { ...fail, dir });
  deleteNamed("blue", { dir });
  assert.equal(inside(created, whereAmI), created.inode);
  assert.throws(() => openNamed("blue", { dir }), { code: "ERR_NETNS_NOT_FOUND" });
  created.close();
});

named("creating an existing name fails with EEXIST, and moves and harms nobody", (dir) => {
  const inode = create("blue", dir);
  const open = openNamespaces();
  assert.throws(() => createNamed("blue", { ...fail, dir }), (error: unknown) => {
    assert.equal(openNamespaces(), open); // At once, not by garbage collection.
    assert.ok(isNetNSError(error));
    assert.equal(error.code, "EEXIST");
    assert.equal(error.path, `${dir}/blue`);
    assert.match(error.hint!, /exist: "open" or "replace"/);
    return true;
  });
  assert.equal(whereAmI(), home().inode);
  assert.deepEqual(listNamed({ dir }), [{ name: "blue", path: `${dir}/blue`, inode }]);
  deleteNamed("blue", { dir });
});

named(`exist: "open" opens the existing namespace, else makes one`, (dir) => {
  const open = { loopback: false, exist: "open", dir } as const;
  const first = createNamed("blue", open);
  const second = createNamed("blue", open);
  assert.equal(second.inode, first.inode);
  assert.equal(second.path, first.path);
  first.close();
  second.close();
  assert.equal(mountsOn(`${dir}/blue`), 1);
  deleteNamed("blue", { dir });
});

named(`exist: "replace" puts a new namespace in the place of the old one`, (dir) => {
  const replace = { loopback: false, exist: "replace", dir } as const;
  const first = createNamed("blue", replace);
  const second = createNamed("blue", replace);
  assert.notEqual(second.inode, first.inode);
  assert.equal(inside(first, whereAmI), first.inode);
  assert.deepEqual(listNamed({ dir }).map(({ inode }) => inode), [second.inode]);
  assert.equal(mountsOn(`${dir}/blue`), 1);
  first.close();
  second.close();
  deleteNamed("blue", { dir });
});

named(`exist: "replace" takes the place of a stale name`, (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(`${dir}/blue`, "");
  const created = createNamed("blue", { loopback: false, exist: "replace", dir });
  assert.equal(listNamed({ dir })[0]!.inode, created.inode);
  created.close();
  deleteNamed("blue", { dir });
});

named(`exist: "open" refuses a stale name, which may be mounted elsewhere`, (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(`${dir}/blue`, "");
  assert.throws(() => createNamed("blue", { loopback: false, exist: "open", dir }), {
    code: "ERR_NETNS_NOT_A_NAMESPACE",
    hint: /rslave/,
  });
  assert.deepEqual(filesOf(dir), ["blue"]);
});

leakChecked(
  `exist: "open" waits for a name that is not mounted yet`,
  { skip },
  () =>
    inTemporaryDirectory(async (dir) => {
      fs.writeFileSync(`${dir}/blue`, "");
      const child = spawn("sh", [
        "-c",
        'sleep 0.1; exec mount --bind /proc/self/ns/net "$0"',
        `${dir}/blue`,
      ]);
      const ended = once(child, "close");
      const opened = createNamed("blue", { loopback: false, exist: "open", dir });
      assert.equal(opened.inode, home().inode);
      opened.close();
      assert.deepEqual(await ended, [0, null]);
      deleteNamed("blue", { dir });
    }),
);

named("names with spaces, quotes and other scripts work", (dir) => {
  const names = [
    "a b",
    "$(x) 'y'",
    "\u65e5\u672c",
    "\u{1f310}",
    "x".repeat(255),
    "\u00e9".repeat(127),
  ];
  for (const name of names) create(name, dir);
  assert.deepEqual(listNamed({ dir }).map(({ name }) => name), names.toSorted());
  for (const name of names) deleteNamed(name, { dir });
  assert.deepEqual(filesOf(dir), []);
});

named("invalid names are refused before any system call", (dir) => {
  for (const name of ["", ".", "..", "a/b", "../x", "a\0", "\ud800", "x".repeat(256)]) {
    const invalid = { code: "ERR_NETNS_NAME_INVALID" };
    assert.throws(() => createNamed(name, { ...fail, dir }), invalid);
    assert.throws(() => openNamed(name, { dir }), invalid);
    assert.throws(() => deleteNamed(name, { dir, ifExists: true }), invalid);
    assert.throws(() => pinNamespace(home(), name, { dir }), invalid);
  }
  for (const name of ["-x", "a\nb"]) {
    assert.throws(() => createNamed(name, { ...fail, dir }), { code: "ERR_NETNS_NAME_INVALID" });
    assert.throws(() => pinNamespace(home(), name, { dir }), { code: "ERR_NETNS_NAME_INVALID" });
  }
  for (const bad of [undefined, 1, {}]) {
    assert.throws(() => createNamed(bad as string, { ...fail, dir }), TypeError);
    assert.throws(() => createNamed("a", { ...fail, dir: (bad ?? null) as string }), TypeError);
  }
  assert.throws(() => createNamed("a", { ...fail, dir: "" }), RangeError);
  assert.equal(fs.existsSync(dir), false);
});

named("a directory that cannot be one is an error that names it", (dir) => {
  fs.mkdirSync(path.dirname(dir));
  fs.writeFileSync(dir, "");
  for (const other of [dir, `${dir}/below`]) {
    assert.throws(() => createNamed("blue", { ...fail, dir: other }), {
      code: "ENOTDIR",
      path: other,
    });
    assert.throws(() => listNamed({ dir: other }), { code: "ENOTDIR", path: other });
  }
  assert.throws(() => createNamed("blue", { ...fail, dir: "/proc/nonexistent/names" }), {
    code: "ENOENT",
    syscall: "mkdir",
  });
});

named("deleting a missing name fails, unless that is allowed", (dir) => {
  const missing = { code: "ERR_NETNS_NOT_FOUND", path: `${dir}/blue` };
  assert.throws(() => deleteNamed("blue", { dir }), missing);
  deleteNamed("blue", { dir, ifExists: true });
  assert.equal(fs.existsSync(dir), false);
  fs.mkdirSync(dir, { recursive: true });
  assert.throws(() => deleteNamed("blue", { dir }), missing);
  deleteNamed("blue", { dir, ifExists: true });
});

named("deleting removes a stale name", (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(`${dir}/blue`, "", { mode: 0 });
  deleteNamed("blue", { dir });
  assert.deepEqual(filesOf(dir), []);
});

named("deleting removes a name on which namespaces are stacked", (dir) => {
  create("blue", dir);
  const other = createAnonymous({ loopback: false });
  const source = `/proc/thread-self/fd/${other.fd}`;
  assert.equal(libc().mount(source, `${dir}/blue`, "none", MS_BIND, null), 0);
  other.close();
  assert.equal(mountsOn(`${dir}/blue`), 2);
  deleteNamed("blue", { dir });
  assert.equal(mountsOn(`${dir}/blue`), 0);
  assert.deepEqual(filesOf(dir), []);
});

named("deleting refuses whatever is not a name, and leaves it untouched", (dir) => {
  create("real", dir);
  fs.writeFileSync(`${dir}/content`, "precious");
  fs.mkdirSync(`${dir}/directory`);
  fs.symlinkSync("content", `${dir}/to content`);
  fs.symlinkSync("directory", `${dir}/to directory`);
  fs.symlinkSync("/proc/self/ns/uts", `${dir}/to uts`);
  fs.symlinkSync("loop", `${dir}/loop`);
  assert.equal(spawnSync("mkfifo", [`${dir}/fifo`]).status, 0);
  fs.symlinkSync("fifo", `${dir}/to fifo`);
  fs.writeFileSync(`${dir}/uts`, "");
  assert.equal(libc().mount("/proc/self/ns/uts", `${dir}/uts`, "none", MS_BIND, null), 0);
  const before = filesOf(dir);
  const links = ["to content", "to directory", "to fifo", "to uts", "loop"];
  for (const name of ["content", "directory", "fifo", ...links]) {
    const refused = { code: "ERR_NETNS_NOT_A_NAMESPACE", path: `${dir}/${name}` };
    assert.throws(() => deleteNamed(name, { dir }), refused);
    assert.throws(() => deleteNamed(name, { dir, ifExists: true }), refused);
    const replace = { loopback: false, exist: "replace", dir } as const;
    assert.throws(() => createNamed(name, replace), refused);
  }
  assert.throws(() => deleteNamed("uts", { dir }), { code: "ERR_NETNS_WRONG_KIND" });
  assert.deepEqual(filesOf(dir), before);
  assert.equal(mountsOn(`${dir}/uts`), 1);
  assert.equal(mountsOn(`${dir}/real`), 1);
  assert.equal(fs.readFileSync(`${dir}/content`, "utf8"), "precious");
  assert.equal(libc().umount2(`${dir}/uts`, MNT_DETACH), 0);
  deleteNamed("real", { dir });
});

named("of a link to a namespace, or to nothing, the link is deleted and nothing else", (dir) => {
  const inode = create("real", dir);
  const links = { relative: "real", absolute: `${dir}/real`, process: "/proc/self/ns/net" };
  const dangling = { gone: "/proc/0/ns/net", below: "real/x", twice: "gone" };
  for (const [name, target] of Object.entries({ ...links, ...dangling })) {
    fs.symlinkSync(target, `${dir}/${name}`);
  }
  fs.symlinkSync("relative", `${dir}/chain`);
  for (const name of filesOf(dir)) if (name !== "real") deleteNamed(name, { dir });
  assert.deepEqual(filesOf(dir), ["real"]);
  assert.equal(mountsOn(`${dir}/real`), 1);

  fs.symlinkSync("real", `${dir}/link`);
  const replaced = createNamed("link", { loopback: false, exist: "replace", dir });
  assert.deepEqual(listNamed({ dir }).map(({ name, inode }) => [name, inode]), [
    ["link", replaced.inode],
    ["real", inode],
  ]);
  replaced.close();
  for (const name of ["link", "real"]) deleteNamed(name, { dir });
});

named("a name that is no UTF-8 is left out, told by its bytes, and taken for no other", (dir) => {
  create("blue", dir);
  const lookalikes = ["\ufffd", "\ufeffblue", "a\ufffd"];
  for (const name of lookalikes) create(name, dir);
  const touch = `cd "$1" && touch "$(printf '\\377')" "$(printf "a\\\\'\\1\\303\\274\\377")"`;
  assert.equal(spawnSync("sh", ["-c", touch, "sh", dir]).status, 0);
  const names = ["blue", ...lookalikes].sort();
  assert.deepEqual(listNamed({ dir }).map(({ name }) => name), names);
  const unreadable = unreadableNames({ dir });
  assert.deepEqual(unreadable.map(escapeName).sort(), ["\\xff", "a\\\\\\'\\x01\\xc3\\xbc\\xff"]);
  for (const name of unreadable) {
    assert.throws(() => deleteNamed(name, { dir }), { code: "ERR_NETNS_NAME_INVALID" });
  }
  deleteNamed("\ufffd", { dir });
  deleteNamed("\ufeffblue", { dir });
  assert.deepEqual(listNamed({ dir }).map(({ name }) => name), ["a\ufffd", "blue"]);
  assert.equal(unreadableNames({ dir }).length, 2);
  for (const { name } of listNamed({ dir })) deleteNamed(name, { dir });
  assert.deepEqual(unreadableNames({ dir: `${dir}/none` }), []);
});

named("a file with content below a namespace is not deleted with it", (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(`${dir}/blue`, "precious");
  assert.equal(libc().mount("/proc/self/ns/net", `${dir}/blue`, "none", MS_BIND, null), 0);
  assert.throws(() => deleteNamed("blue", { dir }), { code: "ERR_NETNS_NOT_A_NAMESPACE" });
  assert.equal(fs.readFileSync(`${dir}/blue`, "utf8"), "precious");
});

named("a name that stays busy is an error that says who lives there and what to do", (dir) => {
  const blue = createNamed("blue", { ...fail, dir });
  const { pid } = inside(blue, () => spawn("sleep", ["60"]));
  const { mount, umount2 } = libc();
  assert.equal(mount("", dir, "none", MS_PRIVATE | MS_REC, null), 0);
  assert.equal(mount(dir, dir, "none", MS_BIND | MS_REC, null), 0);
  assert.throws(() => deleteNamed("blue", { dir }), {
    code: "EBUSY",
    syscall: "unlink",
    path: `${dir}/blue`,
    hint: new RegExp(
      `\\(mount \\d+ of net:\\[${blue.inode}\\]\\); processes in it: ${pid}; unmount`,
    ),
  });
  process.kill(pid!, "SIGKILL");
  blue.close();
  assert.equal(umount2(dir, MNT_DETACH), 0);
  deleteNamed("blue", { dir });
  assert.deepEqual(filesOf(dir), []);
});

named("a directory whose lock another process keeps is an error", (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  const { close, flock, open } = libc();
  const fd = open(dir, O_DIRECTORY | O_CLOEXEC, 0);
  assert.equal(flock(fd, LOCK_EX), 0);
  assert.throws(() => createNamed("blue", { ...fail, dir }), {
    code: "EAGAIN",
    syscall: "flock",
    path: dir,
    hint: /holds the lock/,
  });
  close(fd);
  assert.deepEqual(filesOf(dir), []);
  create("blue", dir);
  deleteNamed("blue", { dir });
});

named("the first name makes the directory a shared mount, and no later one another", (dir) => {
  // Below a shared mount, names would be mounted twice without a peer group of their own.
  const parent = path.dirname(path.dirname(dir));
  assert.equal(libc().mount("tmpfs", parent, "tmpfs", 0, null), 0);
  assert.equal(libc().mount("", parent, "none", MS_SHARED, null), 0);
  for (const name of ["one", "two", "three"]) {
    create(name, dir);
    assert.equal(mountsOn(dir), 1);
    assert.equal(mountsOn(`${dir}/${name}`), 1);
    const line = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n")
      .find((line) => line.split(" ")[4] === dir);
    assert.match(line!, / shared:\d+ /);
  }
  for (const { name } of listNamed({ dir })) deleteNamed(name, { dir });
});

named("a name whose mount fails is taken away", (dir) => {
  fs.mkdirSync(dir, { recursive: true });
  const nowhere = { fd: 0x7fffffff } as Namespace;
  assert.throws(() => bindName(nowhere, `${dir}/blue`, "Cannot pin it"), {
    code: "ENOENT",
    syscall: "mount",
    path: `${dir}/blue`,
    message: "Cannot pin it: mount failed with ENOENT",
  });
  assert.deepEqual(filesOf(dir), []);
});

named("without free descriptors no name, mount or descriptor is left", (dir) => {
  create("warm", dir);
  deleteNamed("warm", { dir });
  // One for the namespace, one for the lock, one for the file.
  const open = openNamespaces();
  for (let free = 0; free < 3; free++) {
    const attempt = () =>
      withFreeDescriptors(free, () => {
        try {
          return createNamed("blue", { ...fail, dir });
        } catch (error) {
          return error;
        }
      });
    let error = attempt();
    if (error instanceof Namespace) { // The runtime has closed a descriptor of its own meanwhile.
      error.close();
      deleteNamed("blue", { dir });
      error = attempt();
    }
    assert.equal(openNamespaces(), open); // At once, not by garbage collection.
    assert.ok(isNetNSError(error), `with ${free} free descriptors`);
    assert.equal(error.code, "EMFILE");
    assert.deepEqual(filesOf(dir), []);
    assert.equal(whereAmI(), home().inode);
  }
  withFreeDescriptors(3, () => createNamed("blue", { ...fail, dir })).close();
  assert.throws(() => withFreeDescriptors(0, () => listNamed({ dir })), { code: "EMFILE" });
  assert.throws(() => withFreeDescriptors(1, () => listNamed({ dir })), { code: "EMFILE" });
  assert.throws(() => withFreeDescriptors(1, () => deleteNamed("blue", { dir })), {
    code: "EMFILE",
  });
  assert.equal(mountsOn(`${dir}/blue`), 1);
  deleteNamed("blue", { dir });
});

named("a namespace that was made without a name can be given several", (dir) => {
  const created = createAnonymous({ loopback: false });
  assert.equal(pinNamespace(created, "one", { dir }), `${dir}/one`);
  pinNamespace(created, "two", { dir });
  assert.throws(() => pinNamespace(created, "two", { dir }), { code: "EEXIST" });
  const { inode } = created;
  created.close();
  assert.deepEqual(listNamed({ dir }), [
    { name: "one", path: `${dir}/one`, inode },
    { name: "two", path: `${dir}/two`, inode },
  ]);
  deleteNamed("one", { dir });
  const opened = openNamed("two", { dir });
  assert.equal(opened.inode, inode);
  opened.close();
  deleteNamed("two", { dir });
});

named("a closed namespace cannot be given a name, and no file is left", (dir) => {
  const created = createAnonymous({ loopback: false });
  created.close();
  assert.throws(() => pinNamespace(created, "blue", { dir }), { code: "ERR_NETNS_CLOSED" });
  assert.deepEqual(filesOf(dir), []);
});

named("the list is empty without a directory, and sorted with one", (dir) => {
  assert.deepEqual(listNamed({ dir }), []);
  for (const name of ["b", "a", "\u00e9", "B", "10", "9"]) create(name, dir);
  assert.deepEqual(listNamed({ dir }).map(({ name }) => name), [
    "10",
    "9",
    "B",
    "a",
    "b",
    "\u00e9",
  ]);
  for (const { name } of listNamed({ dir })) deleteNamed(name, { dir });
});

named("the list marks stale names, and leaves out what is no name", (dir) => {
  const inode = create("real", dir);
  fs.writeFileSync(`${dir}/stale`, "", { mode: 0 });
  fs.writeFileSync(`${dir}/content`, "precious");
  fs.mkdirSync(`${dir}/directory`);
  fs.symlinkSync("real", `${dir}/link`);
  fs.symlinkSync("/proc/0/ns/net", `${dir}/dangling`);
  fs.symlinkSync("loop", `${dir}/loop`);
  fs.symlinkSync("/proc/self/ns/uts", `${dir}/uts`);
  assert.deepEqual(listNamed({ dir }), [
    { name: "dangling", path: `${dir}/dangling`, inode: 0, stale: true },
    { name: "link", path: `${dir}/link`, inode },
    { name: "real", path: `${dir}/real`, inode },
    { name: "stale", path: `${dir}/stale`, inode: 0, stale: true },
  ]);
  deleteNamed("real", { dir });
});

named("identify() gives every name of the namespace of a process", (dir) => {
  pinNamespace(home(), "home", { dir });
  pinNamespace(home(), "also home", { dir });
  create("other", dir);
  assert.deepEqual(identify(process.pid, { dir }), ["also home", "home"]);
  assert.deepEqual(identify(process.pid, { dir: `${dir}/none` }), []);
  for (const { name } of listNamed({ dir })) deleteNamed(name, { dir });
  assert.deepEqual(identify(process.pid, { dir }), []);
});

named("identify() of a process that is gone says so", (dir) => {
  assert.throws(() => identify(0x7fffffff, { dir }), { code: "ERR_NETNS_NOT_FOUND" });
  assert.throws(() => identify(0, { dir }), RangeError);
});
