import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { skipAny, skipButOnce, skipIf } from "../helpers/requirements.ts";
import { timeLimit } from "../helpers/time_limit.ts";
import { bootGuest, type Guest } from "./guest.ts";
import { findKernel, type Kernel } from "./user_mode_linux.ts";

const kernel = findKernel();
const options = {
  skip: skipAny(
    skipButOnce(),
    "missing" in kernel && skipIf(true, `user-mode-linux: ${kernel.missing}`),
  ),
  timeout: timeLimit(120_000),
};

/** Runs a function with a guest, and checks that nothing of that is left then. */
async function inGuest(run: (guest: Guest) => Promise<void>): Promise<void> {
  const guest = await bootGuest(kernel as Kernel);
  try {
    assert.ok(processesOf(guest).length > 0);
    await run(guest);
  } finally {
    await guest.stop();
  }
  assert.deepEqual(processesOf(guest), []);
  assert.equal(fs.existsSync(guest.temporaryDirectory), false);
}

/** The processes whose command line names the guest's directory. */
function processesOf({ temporaryDirectory }: Guest): string[] {
  return fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(temporaryDirectory);
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

function shell(guest: Guest, text: string, limit = 60_000) {
  return guest.run({ command: ["sh", "-c", text], variables: { WORD: "it's" }, limit });
}

test("the guest is root of another kernel, and gives output and exit codes", options, async () => {
  await inGuest(async (guest) => {
    const { output, ending } = await shell(guest, 'uname -r; id -u; echo "$WORD"; exit 7');
    assert.equal(output, `${guest.version}\n0\nit's\n`);
    assert.equal(ending, "exit code 7");
    assert.notEqual(guest.version, fs.readFileSync("/proc/sys/kernel/osrelease", "utf8").trim());
  });
});

test("the guest has kinds of links, and new namespaces have lo only", options, async () => {
  await inGuest(async (guest) => {
    const kinds = ["dummy", "vlan id 3", "ipvlan", "bond", "vrf table 9", "geneve id 3 remote ::1"];
    const commands = [...kinds, "gre remote 127.0.0.1"]
      .map((kind, number) => `ip link add link base name link${number} type ${kind}`);
    const script = ["set -e", "ip link add base type dummy", ...commands];
    script.push("tc qdisc add dev base root netem delay 1ms");
    script.push("ip netns add new", "ip -n new -o link | wc -l");
    const { output, ending } = await shell(guest, script.join("\n"));
    assert.equal(output, "1\n");
    assert.equal(ending, "exit code 0");
  });
});

test("what the guest writes is not written to this machine's files", options, async () => {
  await inGuest(async (guest) => {
    const file = path.join(import.meta.dirname!, "written-in-a-guest");
    const { output } = await shell(guest, `echo text >${file} && cat ${file}`);
    assert.equal(output, "text\n");
    assert.equal(fs.existsSync(file), false);
  });
});

test("a command is killed at its time limit, and the next one runs", options, async () => {
  await inGuest(async (guest) => {
    assert.equal((await shell(guest, "sleep 60", 300)).ending, "killed after 0.3 s");
    assert.equal((await shell(guest, "echo next")).output, "next\n");
  });
});

test("what a command leaves running ends with it", options, async () => {
  await inGuest(async (guest) => {
    const left = "(sleep 1; touch /run/late) & true";
    assert.equal((await shell(guest, left)).ending, "exit code 0");
    assert.equal((await shell(guest, "sleep 2; ls /run/late")).ending, "exit code 2");
  });
});

test("a guest that ends says so", options, async () => {
  await inGuest(async (guest) => {
    const { ending } = await shell(guest, "echo o >/proc/sysrq-trigger; sleep 9");
    assert.equal(ending, "the guest has ended, or hangs");
    assert.equal(guest.ended, true);
  });
});
