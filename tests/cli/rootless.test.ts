/** All of it as an ordinary user: `netns rootless`. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { commandFile, netns } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  asOrdinaryUser,
  ordinaryUserEnvironment,
  skipUnlessReadableByUsers,
} from "../helpers/ordinary_user.ts";
import {
  skipAny,
  skipUnlessPrivileged,
  skipWithout,
  skipWithoutUserNamespaces,
} from "../helpers/requirements.ts";
import { executable, type Outcome, scriptArguments } from "../helpers/runtime.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const skip = skipAny(
  skipWithout({ command: "unshare" }),
  skipUnlessReadableByUsers(commandFile),
  skipWithoutUserNamespaces(asOrdinaryUser),
);

/** A test whose commands run as an ordinary user, with a home of his own. */
function asUser(
  name: string,
  run: (netns: (...args: string[]) => Promise<Outcome>, home: string) => Promise<void>,
): void {
  leakChecked(name, { skip }, () =>
    inTemporaryDirectory(async (home) => {
      fs.chmodSync(home, 0o777);
      const env = ordinaryUserEnvironment(home);
      await run((...args) => netns(args, { prefix: asOrdinaryUser, env, cwd: home }), home);
    }));
}

asUser("the library and the command work under netns rootless", async (netns, home) => {
  const fixture = new URL("../fixtures/rootless.ts", import.meta.url);
  const program = [executable, ...scriptArguments(fixture, { args: [home] })];
  const { stdout, stderr, exitCode } = await netns("rootless", "--", ...program);
  assert.deepEqual([stderr, exitCode], ["", 0]);
  assert.deepEqual(JSON.parse(stdout), {
    links: ["lo", "veth-a", "br0"],
    inside: ["lo", "eth0"],
    answer: "hello from 10.9.0.1",
    listed: ["blue"],
    exec: "eth0",
  });
});

asUser(
  "the program is root there, with names, lo and standard streams of its own",
  async (netns) => {
    const own = scriptArguments(commandFile).map((word) => `'${word}'`).join(" ");
    const script = `id -u; ls /run/netns; ip -br link | cut -c1-10 | tr -d ' '; ` +
      `'${executable}' ${own} add blue && '${executable}' ${own} list; ls /run/netns; exit 4`;
    const { stdout, stderr, exitCode } = await netns("rootless", "sh", "-c", script);
    assert.deepEqual([stderr, exitCode], ["", 4]);
    assert.deepEqual(stdout.split("\n"), ["0", "lo", "blue", "blue", ""]);
    assert.equal(fs.existsSync("/run/netns/blue"), false);
  },
);

asUser("what cannot be done without it says so", async (netns) => {
  const { stdout, stderr, exitCode } = await netns("add", "blue");
  assert.deepEqual([stdout, exitCode], ["", 1]);
  assert.match(stderr, /EPERM\n +hint: the process has no CAP_SYS_ADMIN: .*netns rootless/);
  const missing = await netns("rootless", "no-such-program");
  assert.equal(missing.exitCode, 127);
  assert.equal((await netns("rootless")).exitCode, 2);
});

asUser("a name whose owner was killed is pruned there, and another is not", async (netns, home) => {
  const owner = new URL("../fixtures/killed_owner.ts", import.meta.url);
  const killed = [executable, ...scriptArguments(owner)].map((word) => `'${word}'`).join(" ");
  const own = `'${executable}' ${
    scriptArguments(commandFile).map((word) => `'${word}'`).join(" ")
  }`;
  const script = `${killed} 2>&1; ${own} add kept && ${own} prune && ls /run/netns`;
  const { stdout, stderr, exitCode } = await netns("rootless", "sh", "-c", script);
  // The shell tells of the death on one of them.
  const lines = `${stderr}${stdout}`.split("\n").filter((line) => !/Killed/.test(line));
  assert.deepEqual([lines, exitCode], [["made", "left (abandoned)", "kept", ""], 0]);
  assert.ok(!fs.existsSync("/run/netns.owners/left"), home);
});

asUser("why there are no user namespaces is told, with what helps", async (_, home) => {
  const script = `#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2; exit 1\n`;
  fs.writeFileSync(path.join(home, "unshare"), script);
  fs.chmodSync(path.join(home, "unshare"), 0o755); // Whatever the umask is.
  const environment = ordinaryUserEnvironment(home);
  const run = (PATH: string) =>
    netns(["rootless", "true"], {
      prefix: [...asOrdinaryUser, "env", `PATH=${PATH}`],
      env: environment,
      cwd: home,
    });
  const refused = await run(`${home}:${environment.PATH}`);
  assert.equal(refused.exitCode, 1);
  assert.match(
    refused.stderr,
    /^netns: Cannot make .*: Operation not permitted: .*\n {2}hint: .*\n$/,
  );
  const missing = await run("/nonexistent");
  assert.equal(missing.exitCode, 1);
  assert.match(missing.stderr, /^netns: .* unshare cannot be run: .*\n {2}hint: .*util-linux.*\n$/);
});

leakChecked("what cannot be prepared is told without a stack", {
  skip: skipAny(skip, skipUnlessPrivileged()),
}, () =>
  inTemporaryDirectory(async (home) => {
    fs.chmodSync(home, 0o777);
    const prepare = "mount -t tmpfs tmpfs /run && chmod 755 /run && " +
      `mount --bind '${home}' '${home}' && mount --rbind /tmp /tmp && ` +
      'mount -o remount,bind,ro /tmp && exec "$@"';
    const { stdout, stderr, exitCode } = await netns(["rootless", "--", "true"], {
      prefix: ["unshare", "--mount", "sh", "-c", prepare, "sh", ...asOrdinaryUser],
      env: ordinaryUserEnvironment(home),
      cwd: home,
    });
    assert.deepEqual([stdout, exitCode], ["", 1]);
    assert.match(stderr, /^netns: .*EROFS.*\n$/);
  }));

leakChecked("where there is no /run/netns, /run is one's own, with what it had", {
  skip: skipAny(skip, skipUnlessPrivileged()),
}, () =>
  inTemporaryDirectory(async (home) => {
    fs.chmodSync(home, 0o777);
    const prepare = "umask 022 && mount -t tmpfs tmpfs /run && chmod 755 /run && cd /run && " +
      'echo kept > file && mkdir there && ln -s file link && cd "$OLDPWD" && exec "$@"';
    const script =
      "cat /run/file /run/link; ls /run | grep -v mount; ls /tmp | grep netns-rootless-";
    const { stdout, stderr } = await netns(["rootless", "--", "sh", "-c", script], {
      prefix: ["unshare", "--mount", "sh", "-c", prepare, "sh", ...asOrdinaryUser],
      env: ordinaryUserEnvironment(home),
      cwd: home,
    });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\n"), ["kept", "kept", "file", "link", "netns", "there", ""]);
  }));
