/** What the command tells of errors: mistakes of its user, refusals of the system, bugs. */

import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { checkInteger, wrongType } from "../../src/check.ts";
import { UsageError } from "../../src/cli/command.ts";
import { explain, tell } from "../../src/cli/explain.ts";
import { NetNSError } from "../../src/errors.ts";
import { NetNS } from "../../src/netns.ts";

/** The exit code for an error, and what is told of it. */
function explained(error: unknown): [exitCode: number, told: string] {
  return printed(() => explain(error));
}

function printed(run: () => number): [exitCode: number, told: string] {
  let told = "";
  const { writeSync } = fs;
  fs.writeSync = (stream: number, bytes: unknown) => {
    assert.equal(stream, 2);
    told += String(bytes);
    return (bytes as Uint8Array).length;
  };
  try {
    return [run(), told.trimEnd()];
  } finally {
    fs.writeSync = writeSync;
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}

test("arguments that cannot be are wrong usage, and told without a stack", () => {
  const errors = [
    thrownBy(() => checkInteger("pid", 2 ** 40, 1)),
    thrownBy(() => NetNS.fromPath("")),
    wrongType("options.dir", "a string", 1),
  ];
  for (const error of errors) {
    assert.deepEqual(explained(error), [2, `netns: ${(error as Error).message}`]);
  }
  assert.equal(explained(new UsageError("name a program"))[0], 2);
});

test("an error of the command itself is a bug, and keeps its stack", () => {
  const errors = [
    thrownBy(() => (undefined as unknown as { x: unknown }).x),
    thrownBy(() => new Array(-1)),
    new Error("unforeseen"),
    Object.assign(new Error("with a code"), { code: "ERR_UNFORESEEN" }),
  ] as Error[];
  for (const error of errors) {
    const [exitCode, told] = explained(error);
    assert.equal(exitCode, 1);
    assert.ok(told.startsWith("netns: internal error\n  hint: this is a bug of netns: "), told);
    assert.ok(told.includes(error.message), told);
    assert.match(told, /\n +at /, "the stack");
  }
});

test("what the system refuses is told without a stack", () => {
  const error = thrownBy(() => fs.mkdtempSync("/proc/self/netns-"));
  const [exitCode, told] = explained(error);
  assert.equal(exitCode, 1);
  assert.match(told, /^netns: ENOENT: .*mkdtemp.*$/);
});

test("a Deno without permissions is told which it needs", () => {
  const error = Object.assign(new Error("Requires ffi access"), { name: "NotCapable" });
  assert.match(explained(error)[1], /Requires ffi access\n {2}hint: .*deno run -A$/);
});

test("hints are in the words of the command", () => {
  const errors: [NetNSError, hint: RegExp][] = [
    [new NetNSError("other", { code: "ERR_NETNS_WRONG_KIND" }), /nsenter\(1\)/],
    [new NetNSError("ended", { code: "ERR_NETNS_THREAD_EXITED" }), /hint: try again$/],
    [new NetNSError("no right", { code: "EPERM", hint: "its own hint" }), /hint: its own hint$/],
  ];
  for (const [error, hint] of errors) assert.match(explained(error)[1], hint);
  const taken: [path: string, words: string][] = [
    ["/run/netns/blue", "blue"],
    ["/run/netns/it's a name", "'it'\\''s a name'"],
    ["/tmp/names/blue", "--dir /tmp/names blue"],
  ];
  for (const [path, words] of taken) {
    const hint = 'use { exist: "open" }';
    const error = new NetNSError("taken", { code: "EEXIST", syscall: "open", path, hint });
    const told = `choose another name, or delete it: netns delete ${words}`;
    assert.equal(explained(error)[1], `netns: taken\n  hint: ${told}`);
  }
  const plain = thrownBy(() => NetNS.fromPath("/proc/self/stat"));
  assert.match(explained(plain)[1], /\/proc\/self\/stat is a name, .*netns delete/);
});

test("several errors are told with what the command knows to help, once", () => {
  const taken = ["blue", "green"].map((name) =>
    new NetNSError(`${name} is taken`, { code: "EEXIST", syscall: "open", path: `/x/${name}` })
  );
  const refused = ["one", "two"].map((message) => new NetNSError(message, { code: "EPERM" }));
  const errors = [...taken, ...taken, ...refused];
  const [exitCode, told] = printed(() => tell(errors));
  assert.equal(exitCode, 1);
  const delete_ = "hint: choose another name, or delete it: netns delete --dir /x";
  assert.deepEqual(told.split("\n").slice(0, -1), [
    ...["netns: blue is taken", `  ${delete_} blue`],
    ...["netns: green is taken", `  ${delete_} green`],
    ...["netns: one", "netns: two"],
  ]);
  assert.match(told, /\n {2}hint: CAP_SYS_ADMIN is needed[^\n]*$/);
  const invalid = new NetNSError("bad", { code: "ERR_NETNS_NAME_INVALID" });
  assert.equal(printed(() => tell([...refused, invalid]))[0], 2);
  assert.deepEqual(printed(() => tell([])), [0, ""]);
});
