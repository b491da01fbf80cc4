import assert from "node:assert/strict";
import test from "node:test";
import { containerOfPath, isMeant } from "../../src/container/cgroup.ts";

const id = "4f9b".repeat(16);
const other = "0123456789abcdef".repeat(4);

test("the cgroups of every engine name the container", () => {
  const paths: [string, string, string | undefined][] = [
    [`/docker/${id}`, id, "docker"],
    [`/system.slice/docker-${id}.scope`, id, "docker"],
    [`/system.slice/docker-${id}.scope/init.scope`, id, "docker"],
    [`/custom-parent/${id}`, id, undefined],
    [`/libpod_parent/libpod-${id}`, id, "podman"],
    [`/machine.slice/libpod-${id}.scope`, id, "podman"],
    [`/machine.slice/libpod-${id}.scope/container`, id, "podman"],
    [
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`,
      id,
      "podman",
    ],
    [`/kubepods/besteffort/pod1234-5678/${id}`, id, undefined],
    [
      `/kubepods.slice/kubepods-pod1234.slice/cri-containerd-${id}.scope`,
      id,
      "containerd",
    ],
    [`/system.slice/kubepods-pod1234.slice:cri-containerd:${id}`, id, "containerd"],
    [`/kubepods.slice/kubepods-burstable.slice/crio-${id}.scope`, id, "cri-o"],
    [`/kubepods/burstable/pod1234/crio-${id}`, id, "cri-o"],
    [`/system.slice/nerdctl-${id}.scope`, id, "containerd"],
    [`/default/${id}`, id, undefined],
    ["/default/my-redis_1", "my-redis_1", "containerd"],
    ["/default/my-redis_1/nested", "my-redis_1", "containerd"],
    ["/lxc.payload.web", "web", "lxc"],
    ["/lxc.payload.web/init.scope", "web", "lxc"],
    ["/lxc/web", "web", "lxc"],
    [`/../docker-${id}.scope`, id, "docker"],
  ];
  for (const [path, id, engine] of paths) assert.deepEqual(containerOfPath(path), { id, engine });
});

test("a container in a container is the inner one", () => {
  const path = `/docker/${other}/docker/${id}`;
  assert.deepEqual(containerOfPath(path), { id, engine: "docker" });
});

test("other cgroups, and those of the monitors of engines, name none", () => {
  const paths = [
    "",
    "/",
    "/init.scope",
    "/system.slice/docker.service",
    "/user.slice/user-1000.slice/session-1.scope",
    `/machine.slice/libpod-conmon-${id}.scope`,
    `/system.slice/crio-conmon-${id}.scope`,
    "/lxc.monitor.web",
    "/default",
    `/system.slice/docker-${id.slice(1)}.scope`,
  ];
  for (const path of paths) assert.equal(containerOfPath(path), undefined, path);
});

test("ids may be cut to 3 digits, names may not", () => {
  const container = { id, engine: "docker" };
  assert.equal(isMeant(container, id), true);
  assert.equal(isMeant(container, "4f9b4f9b4f9b"), true);
  assert.equal(isMeant(container, "4f9"), true);
  assert.equal(isMeant(container, "4f"), false);
  assert.equal(isMeant(container, "f9b"), false);
  assert.equal(isMeant(container, `${id}0`), false);
  const named = { id: "abcdef", engine: "containerd" };
  assert.equal(isMeant(named, "abcdef"), true);
  assert.equal(isMeant(named, "abc"), false);
});

test("a container of another engine is not meant", () => {
  assert.equal(isMeant({ id, engine: "docker" }, id, "docker"), true);
  assert.equal(isMeant({ id, engine: "podman" }, id, "docker"), false);
  assert.equal(isMeant({ id, engine: undefined }, id, "docker"), true);
});
