import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { type ContainerOptions, openContainer } from "../../src/container.ts";
import { inspection, withEngine } from "../helpers/fake_engine.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  type Skip,
  skipAny,
  skipIf,
  skipUnlessPrivileged,
  skipWithout,
} from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const needs = skipAny(skipUnlessPrivileged(), skipWithout({ command: "unshare" }));
const privileged = { skip: needs };

/** A process in namespaces of its own. */
interface Resident {
  pid: number;
  netns: number;
}

/** Runs a function with a process in a network and a PID namespace of its own, as containers are. */
async function withResident<T>(
  run: (resident: Resident) => Promise<T>,
  flags = ["--net", "--pid", "--fork", "--kill-child"],
): Promise<T> {
  const child = spawn("unshare", [...flags, "sh", "-c", "echo ready; exec sleep 1000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const pid = flags.includes("--fork") ? childOf(child) : child.pid!;
    const [, netns] = /(\d+)/.exec(fs.readlinkSync(`/proc/${pid}/ns/net`))!;
    return await run({ pid, netns: Number(netns) });
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
  }
}

function childOf({ pid }: ChildProcess): number {
  return Number(fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

let lastId = 0;

/** An id as the engines make them, of no container that there is. */
function newId(prefix = ""): string {
  const unique = `${process.pid.toString(16)}${(++lastId).toString(16)}`;
  return (prefix + unique.padStart(24, "e")).padEnd(64, "0123456789abcdef");
}

// ---- by the engine ---------------------------------------------------------------------------

leakChecked(
  "a container is opened by the process that the engine tells",
  privileged,
  () =>
    withResident(async ({ pid, netns }) => {
      const id = newId();
      const asked: string[] = [];
      await withEngine((path, response) => {
        asked.push(path);
        response.end(inspection(id, pid));
      }, async (socketPath) => {
        const namespace = await openContainer("web.1_a-b", { socketPath });
        assert.equal(namespace.inode, netns);
        await namespace.close();
      });
      assert.deepEqual(asked, ["/containers/web.1_a-b/json", `/containers/${id}/json`]);
    }),
);

leakChecked("what is no container is never taken for one", privileged, () =>
  withResident(
    ({ pid }) =>
      withEngine(
        (_, response) => response.end(inspection(newId(), pid)),
        async (socketPath) => {
          await assert.rejects(openContainer("web", { socketPath }), {
            code: "ERR_NETNS_NOT_FOUND",
            message: `Cannot open the network namespace of container "web": its process ${pid} ` +
              "is not to be seen here",
            hint: /another PID namespace/,
          });
        },
      ),
    ["--net"],
  ));

leakChecked(
  "a container that ends while it is opened is not found",
  privileged,
  () =>
    withResident(({ pid }) => {
      const id = newId();
      let asked = 0;
      return withEngine(
        (_, response) => response.end(inspection(id, asked++ === 0 ? pid : 0)),
        async (socketPath) => {
          await assert.rejects(openContainer("web", { socketPath }), {
            code: "ERR_NETNS_NOT_FOUND",
            message: /: it ended meanwhile$/,
          });
        },
      );
    }),
);

leakChecked("answers that do not help are told, and end the search", privileged, async () => {
  const answers: [number, string, RegExp][] = [
    [200, inspection(newId(), 0), /engine says that it is not running$/],
    [404, '{"message":"no such container"}', /engine at \S+ does not know it$/],
    [500, '{"message":"out of order"}', /status 500: out of order$/],
    [400, "<html>", /status 400: no reason given$/],
    [200, "garbage", /its answer is not that of a container engine$/],
    [200, "null", /its answer is not that of a container engine$/],
    [200, '{"Id":5,"State":{"Pid":5}}', /its answer is not that of a container engine$/],
    [200, `{"Id":"${newId()}","State":{"Pid":-1}}`, /is not that of a container engine$/],
    [200, `{"Id":"${newId()}"}`, /its answer is not that of a container engine$/],
  ];
  for (const [status, body, message] of answers) {
    await withEngine((_, response) => response.writeHead(status).end(body), async (socketPath) => {
      const error = { name: "NetNSError", code: "ERR_NETNS_NOT_FOUND", message };
      await assert.rejects(openContainer("web", { socketPath }), error);
    });
  }
});

leakChecked("an engine that breaks off, or is not there, is told", privileged, async () => {
  await withEngine((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    setTimeout(() => response.socket!.destroy(), 50);
  }, async (socketPath) => {
    await assert.rejects(openContainer("web", { socketPath }), {
      code: "ERR_NETNS_NOT_FOUND",
      message: /engine at \S+ cannot be asked: /,
    });
  });
  await inTemporaryDirectory(async (directory) => {
    const socketPath = path.join(directory, "none.sock");
    await assert.rejects(openContainer("web", { socketPath }), {
      code: "ERR_NETNS_NOT_FOUND",
      message: /cannot be asked: .*ENOENT/,
    });
  });
});

leakChecked(
  "an engine that does not answer is given up after 5 seconds",
  privileged,
  () =>
    withEngine(() => {}, async (socketPath) => {
      await assert.rejects(openContainer("web", { socketPath }), {
        code: "ERR_NETNS_NOT_FOUND",
        message: /it did not answer in 5000 ms$/,
      });
    }),
);

leakChecked("an abortion ends the request", privileged, async () => {
  const controller = new AbortController();
  await withEngine(() => controller.abort(new Error("enough")), async (socketPath) => {
    const { signal } = controller;
    await assert.rejects(openContainer("web", { socketPath, signal }), { message: "enough" });
    await assert.rejects(openContainer("web", { socketPath, signal }), { message: "enough" });
  });
});

leakChecked(
  "DOCKER_HOST names the socket of Docker",
  privileged,
  () =>
    withResident(({ pid, netns }) => {
      const id = newId();
      return withEngine((_, response) => response.end(inspection(id, pid)), async (socketPath) => {
        const before = process.env["DOCKER_HOST"];
        process.env["DOCKER_HOST"] = `unix://${socketPath}`;
        try {
          const namespace = await openContainer("web", { engine: "docker" });
          assert.equal(namespace.inode, netns);
          await namespace.close();
        } finally {
          if (before === undefined) delete process.env["DOCKER_HOST"];
          else process.env["DOCKER_HOST"] = before;
        }
      });
    }),
);

// ---- by cgroup -------------------------------------------------------------------------------

/** A cgroup hierarchy in which cgroups can be made, and why there is none. */
function findHierarchy(): { root: string; skip: Skip } {
  const candidates = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids", "/sys/fs/cgroup"];
  const root = candidates.find((root) => {
    if (needs !== false || !fs.existsSync(path.join(root, "cgroup.procs"))) return false;
    const probe = path.join(root, `netns-test-${process.pid}`);
    try {
      fs.mkdirSync(probe);
      fs.rmdirSync(probe);
      return true;
    } catch {
      return false;
    }
  });
  const skip = skipIf(root === undefined, "no cgroup can be made here");
  return { root: root ?? "", skip: skipAny(needs, skip) };
}

const hierarchy = findHierarchy();
const byCgroup = { skip: hierarchy.skip };

/** The cgroup of this file's own in which all others are made. */
const own = `/netns-test-${process.pid}`;

/** Runs a function while a process is in a cgroup, which is made and taken away. */
async function inCgroup<T>(cgroup: string, pid: number, run: () => Promise<T>): Promise<T> {
  const made: string[] = [];
  let directory = hierarchy.root;
  for (const component of cgroup.split("/").slice(1)) {
    directory = path.join(directory, component);
    if (fs.existsSync(directory)) continue;
    fs.mkdirSync(directory);
    made.unshift(directory);
  }
  try {
    fs.writeFileSync(path.join(directory, "cgroup.procs"), String(pid));
    return await run();
  } finally {
    fs.writeFileSync(path.join(hierarchy.root, "cgroup.procs"), String(pid));
    for (const one of made) fs.rmdirSync(one);
  }
}

for (
  const [engine, cgroup] of [
    ["docker", "/docker/ID"],
    ["docker", "/docker/ID/init.scope"],
    ["podman", "/libpod_parent/libpod-ID"],
    ["containerd", "/kubepods/besteffort/podnetns/ID"],
    ["cri-o", "/kubepods/burstable/podnetns/crio-ID"],
  ] as const
) {
  leakChecked(
    `a process in ${cgroup} is found by its id, and by its beginning`,
    byCgroup,
    () =>
      withResident(({ pid, netns }) => {
        const id = newId();
        return inCgroup(own + cgroup.replace("ID", id), pid, async () => {
          for (const asked of [id, id.slice(0, 40)]) {
            const namespace = await openContainer(asked, { engine });
            assert.equal(namespace.inode, netns);
            await namespace.close();
          }
        });
      }),
  );
}

leakChecked(
  "a container of containerd's own client is found by its name",
  byCgroup,
  () =>
    withResident(({ pid, netns }) => {
      const name = `web-${process.pid}.${++lastId}`;
      return inCgroup(`${own}/${name}`, pid, async () => {
        const namespace = await openContainer(name, { engine: "containerd" });
        assert.equal(namespace.inode, netns);
        await namespace.close();
        const beginning = openContainer(name.slice(0, -1), { engine: "containerd" });
        await assert.rejects(beginning, { code: "ERR_NETNS_NOT_FOUND" });
      });
    }),
);

leakChecked(
  "the oldest process of a container counts",
  byCgroup,
  () =>
    withResident((first) =>
      withResident((second) => {
        const id = newId();
        const cgroup = `${own}/docker/${id}`;
        return inCgroup(
          cgroup,
          second.pid,
          () =>
            inCgroup(cgroup, first.pid, async () => {
              const namespace = await openContainer(id, { engine: "docker" });
              assert.equal(namespace.inode, first.netns);
              await namespace.close();
            }),
        );
      })
    ),
);

leakChecked(
  "the beginning of several ids is ambiguous, a whole id is not",
  byCgroup,
  () =>
    withResident((one) =>
      withResident((two) => {
        const start = `abc${process.pid.toString(16).padStart(8, "0")}`;
        const ids = [newId(start), newId(start)] as const;
        return inCgroup(
          `${own}/docker/${ids[0]}`,
          one.pid,
          () =>
            inCgroup(`${own}/docker/${ids[1]}`, two.pid, async () => {
              await assert.rejects(openContainer(start, { engine: "docker" }), {
                code: "ERR_NETNS_NOT_FOUND",
                message: new RegExp(
                  `container "${start}": it is ambiguous, as these begin so: \\w+`,
                ),
              });
              const namespace = await openContainer(ids[1], { engine: "docker" });
              assert.equal(namespace.inode, two.netns);
              await namespace.close();
            }),
        );
      })
    ),
);

leakChecked(
  "a container of another engine is not found",
  byCgroup,
  () =>
    withResident(({ pid }) => {
      const id = newId();
      return inCgroup(`${own}/docker/${id}`, pid, async () => {
        await assert.rejects(openContainer(id, { engine: "podman" }), {
          code: "ERR_NETNS_NOT_FOUND",
          message: new RegExp(`container "${id}": .*; no process has a cgroup of that name$`),
        });
      });
    }),
);

leakChecked(
  "an engine without an answer leaves it to the cgroups",
  byCgroup,
  () =>
    withResident(({ pid, netns }) => {
      const id = newId();
      const answer = (_: string, response: import("node:http").ServerResponse) =>
        void response.writeHead(500).end();
      return withEngine(answer, (socketPath) =>
        inCgroup(`${own}/docker/${id}`, pid, async () => {
          const before = process.env["DOCKER_HOST"];
          process.env["DOCKER_HOST"] = `unix://${socketPath}`;
          try {
            const namespace = await openContainer(id.slice(0, 30));
            assert.equal(namespace.inode, netns);
            await namespace.close();
          } finally {
            if (before === undefined) delete process.env["DOCKER_HOST"];
            else process.env["DOCKER_HOST"] = before;
          }
        }));
    }),
);

leakChecked(
  "who is nowhere is not found, and the error tells where was looked",
  privileged,
  () =>
    assert.rejects(openContainer("no-such-container", { engine: "cri-o" }), {
      name: "NetNSError",
      code: "ERR_NETNS_NOT_FOUND",
      message:
        'Cannot open the network namespace of container "no-such-container": no process has ' +
        "a cgroup of that name",
    }),
);

leakChecked(
  "what can be no id is refused before anybody is asked",
  privileged,
  () =>
    withEngine(() => assert.fail("nobody may be asked"), async (socketPath) => {
      for (
        const id of [
          "",
          "a/b",
          "../images/json",
          "a?all=1",
          "a\n",
          "a\0b",
          "a b",
          "%2e",
          "-a",
          ".a",
        ]
      ) {
        await assert.rejects(openContainer(id, { socketPath }), {
          name: "RangeError",
          message: /^id must be the id or name of a container: current value is "/,
        });
      }
      const wrong: [unknown, unknown, RegExp][] = [
        [5, {}, /^id must be a string: current value is 5/],
        ["a", { engine: "rkt" }, /^options\.engine must be one of "docker", "podman"/],
        ["a", { socketPath: "" }, /^options\.socketPath must be/],
        ["a", { socketPath: "/a", engine: "cri-o" }, /^options\.socketPath cannot be used/],
        ["a", { signal: 1 }, /^options\.signal must be an AbortSignal/],
        ["a", { socket: "/a" }, /^options\.socket is not an option/],
      ];
      for (const [id, options, message] of wrong) {
        const opened = openContainer(id as string, options as ContainerOptions);
        await assert.rejects(opened, { message });
      }
    }),
);

leakChecked(
  "a container in the PID namespace of the host is known by its cgroup",
  byCgroup,
  () =>
    withResident(({ pid, netns }) => {
      const id = newId();
      return inCgroup(`${own}/docker/${id}`, pid, () =>
        withEngine((_, response) =>
          response.end(inspection(id, pid)), async (socketPath) => {
          const namespace = await openContainer("web", { socketPath });
          assert.equal(namespace.inode, netns);
          await namespace.close();
        }));
    }, ["--net"]),
);
