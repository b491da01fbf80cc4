/** A container of podman, opened by what it is known by. */

import assert from "node:assert/strict";
import { NetNS } from "../../mod.ts";
import { netns } from "../helpers/command.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipWithoutPodman, withContainer } from "./podman.ts";

leakChecked("a container is opened by name and id, by the API and by its cgroup", {
  skip: skipWithoutPodman(),
  timeout: 120_000,
}, () =>
  withContainer(async ({ name, id, pid, runtimeDirectory, socketPath, podman }) => {
    const expected = NetNS.fromPid(pid);
    assert.ok(!expected.equals(NetNS.home()));
    const ways: [id: string, options: Parameters<typeof NetNS.fromContainer>[1]][] = [
      [name, { socketPath }],
      [id, { socketPath }],
      [id.slice(0, 12), { socketPath, engine: "podman" }],
      [id, {}],
      [id.slice(0, 12), { engine: "podman" }],
    ];
    for (const [known, options] of ways) {
      const ns = await NetNS.fromContainer(known, options);
      assert.ok(ns.equals(expected), known);
      await ns.close();
    }

    const response = await expected.fetch("http://127.0.0.1:8080/index.html");
    assert.equal(await response.text(), "hello\n");
    assert.deepEqual((await expected.link.list()).map(({ name }) => name), ["lo"]);

    const inside = ["readlink", "/proc/self/ns/net"];
    const net = `net:[${expected.inode}]\n`;
    const byId = await netns(["exec", "--container", id.slice(0, 12), "--", ...inside]);
    assert.deepEqual(byId, { stdout: net, stderr: "", exitCode: 0, signal: null });
    const byName = await netns(["exec", `--container=${name}`, ...inside], {
      env: { XDG_RUNTIME_DIR: runtimeDirectory },
    });
    assert.deepEqual([byName.stderr, byName.stdout], ["", net]);
    await expected.close();

    await podman("stop", "--time=0", name);
    for (const options of [{ socketPath }, {}]) {
      await assert.rejects(NetNS.fromContainer(id, options), { code: "ERR_NETNS_NOT_FOUND" });
    }
    const gone = await netns(["exec", "--container", id, "true"]);
    assert.equal(gone.exitCode, 1);
    assert.match(gone.stderr, /^netns: Cannot open the network namespace of container/);
  }));
