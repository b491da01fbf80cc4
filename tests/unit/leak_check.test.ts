import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { CLONE_NEWNET, MS_BIND, O_CLOEXEC, O_CREAT, O_RDONLY } from "../../ffi/constants.ts";
import { libc } from "../../src/libc.ts";
import { assertNoLeaks, leakChecked, snapshot } from "../helpers/leak_check.ts";
import { currentNetns } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const ownNamespace = "/proc/thread-self/ns/net";
const idle = "require('node:worker_threads').parentPort.on('message', () => {});";

/** Checks that a leak is reported while it is there, and no longer. */
async function reported(
  expected: RegExp,
  leak: () => Promise<() => unknown> | (() => unknown),
  directories: readonly string[] = [],
): Promise<void> {
  const before = snapshot({ directories });
  const undo = await leak();
  try {
    await assert.rejects(assertNoLeaks(before, { timeout: 200 }), expected);
  } finally {
    await undo();
  }
  await assertNoLeaks(before);
}

function startWorker(): Promise<Worker> {
  const worker = new Worker(idle, { eval: true });
  return new Promise((resolve, reject) => {
    worker.once("online", () => resolve(worker)).once("error", reject);
  });
}

test("a descriptor of a namespace that stays open is a leak, also of a known one", async () => {
  await reported(/fd \d+: net:\[\d+\]/, () => {
    const fd = libc().open(ownNamespace, O_RDONLY | O_CLOEXEC, 0);
    return () => libc().close(fd);
  });
});

test("a socket that stays open is a leak", async () => {
  await reported(/fd \d+: socket:/, () => {
    const server = net.createServer();
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(() => new Promise((done) => server.close(done))));
    });
  });
});

test("a thread that stays alive at home is a leak", async () => {
  await reported(/thread \d+ \(/, async () => {
    const worker = await startWorker();
    return () => worker.terminate();
  });
});

test("a thread in another namespace is a leak", { skip: skipUnlessPrivileged() }, async () => {
  const home = currentNetns();
  await reported(/thread \d+ \(/, async () => {
    const back = libc().open(ownNamespace, O_RDONLY | O_CLOEXEC, 0);
    assert.equal(libc().unshare(CLONE_NEWNET), 0);
    const started = startWorker();
    assert.equal(libc().setns(back, CLONE_NEWNET), 0);
    libc().close(back);
    const worker = await started;
    return () => worker.terminate();
  });
  assert.equal(currentNetns(), home);
});

test("a file and a mounted namespace that stay are leaks", {
  skip: skipUnlessPrivileged(),
}, async () => {
  await inTemporaryDirectory(async (directory) => {
    const file = path.join(directory, "blue");
    await reported(new RegExp(`file: ${file}`), () => {
      fs.writeFileSync(file, "");
      return () => fs.rmSync(file);
    }, [directory]);
    await reported(new RegExp(`fd \\d+: ns:\\[\\d+\\] ${file}[^]*mount: ${file}`), () => {
      libc().close(libc().open(file, O_RDONLY | O_CREAT | O_CLOEXEC, 0));
      assert.equal(libc().mount(ownNamespace, file, "none", MS_BIND, null), 0);
      const fd = libc().open(file, O_RDONLY | O_CLOEXEC, 0);
      return () => {
        libc().close(fd);
        assert.equal(libc().umount2(file, 0), 0);
        fs.rmSync(file);
      };
    }, [directory]);
  });
});

leakChecked("what comes and goes is no leak", async () => {
  const worker = await startWorker();
  await worker.terminate();
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await new Promise((resolve) => server.close(resolve));
});
