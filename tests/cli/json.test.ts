/** What `--json` prints is what docs/cli.md tells; what `show` and `graph` find. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Place, shellCommand, testInOwnRun, withoutPassersBy } from "../helpers/command.ts";

type Entry = Record<string, unknown>;

/** What `show` tells of a namespace. */
const content = {
  ...{ links: "array?", addresses: "array?", routes: "array?", listening: "array?" },
  pids: "array?",
};

async function json<T = Entry[]>(place: Place, ...args: string[]): Promise<T> {
  const printed = await place.succeed(...args, "--json");
  assert.match(printed, /^[^\n]+\n$/, "one line");
  return JSON.parse(printed);
}

/** Members by kind: `!` must be there, `?` may be missing, nothing else may be there. */
function assertShape(entry: Entry, shape: Record<string, string>): void {
  for (const [name, kind] of Object.entries(shape)) {
    if (entry[name] === undefined && kind.endsWith("?")) continue;
    const actual = Array.isArray(entry[name]) ? "array" : typeof entry[name];
    assert.equal(actual, kind.replace("?", ""), `${name} of ${JSON.stringify(entry)}`);
  }
  for (const name of Object.keys(entry)) assert.ok(name in shape, `${name} is not documented`);
}

/** Starts a program that stays, in a network namespace without a name or in that of one. */
async function withProcess(
  place: Place,
  command: string[],
  run: (pid: string) => Promise<void>,
): Promise<void> {
  const [file, ...args] = [...place.prefix, ...command, "sh", "-c", "echo $$; exec sleep 600"];
  const child = spawn(file!, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await run(String((await once(child.stdout, "data"))[0]).trim());
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

testInOwnRun("names, ids and processes have the members that are documented", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  const own = process.pid; // The ids are those of a namespace that other tests are in too.
  await place.check("ip", "netns", "set", "blue", String(own));
  await place.check("sh", "-c", "touch /run/netns/stale && chmod 0 /run/netns/stale");
  await withProcess(
    place,
    ["ip", "netns", "exec", "blue"],
    (inBlue) =>
      withProcess(place, ["unshare", "--net"], async (unnamed) => {
        const alone = `[${inBlue}]`;
        const pidsOf = (...flags: string[]) =>
          withoutPassersBy(
            () => json<number[]>(place, "pids", "blue", ...flags),
            (pids) => JSON.stringify(pids) === alone,
          );
        const told = (...args: string[]) =>
          withoutPassersBy(
            () => json(place, ...args),
            ([blue]) => JSON.stringify(blue?.pids) === alone,
          );
        const [plain, all, identified, pids, threads, ids] = await Promise.all([
          json(place, "list"),
          json(place, "list", "--all"),
          json<string[]>(place, "identify", inBlue),
          pidsOf(),
          pidsOf("--threads"),
          json(place, "list-id"),
        ]);
        // These two go inside for a moment, and each would see the other there.
        const long = await told("list", "--long");
        const show = await told("show");
        const shape = { path: "string", inode: "number", id: "number?", stale: "boolean?" };
        for (const entry of plain) assertShape(entry, { name: "string", ...shape });
        for (const entry of all) assertShape(entry, { name: "string?", ...shape });
        for (const entry of long) {
          assertShape(entry, { name: "string", ...shape, pids: "array", links: "array" });
        }
        for (const entry of show) assertShape(entry, { name: "string", ...shape, ...content });
        const [blue, stale] = long;
        assert.deepEqual([blue!.name, blue!.id, blue!.links], ["blue", own, ["lo"]]);
        assert.deepEqual(blue!.pids, [Number(inBlue)]);
        assert.deepEqual([stale!.stale, stale!.inode], [true, 0]);
        const link = await place.check("readlink", `/proc/${unnamed}/ns/net`);
        const found = all.find(({ inode }) => link === `net:[${inode}]\n`);
        assert.deepEqual([found?.name, found?.path], [undefined, `/proc/${unnamed}/ns/net`]);

        assert.deepEqual([identified, pids, threads], [["blue"], [Number(inBlue)], [
          Number(inBlue),
        ]]);
        const known = (ids as { nsid: number }[]).filter(({ nsid }) => nsid === own);
        assert.deepEqual(known, [{ nsid: own, name: "blue" }]);
        assert.deepEqual(show.map(({ name, pids, stale }) => [name, pids, stale]), [
          ["blue", [Number(inBlue)], undefined],
          ["stale", undefined, true],
        ]);
        const first =
          /^blue \(net:\[\d+\], id \d+\)\n(.*\n)* {2}processes \d+\n\nstale \(stale\)\n\n/;
        const text = await withoutPassersBy(
          () => place.succeed("show", "--all"),
          (text) => first.test(text),
        );
        assert.match(text, first);
        assert.match(text, new RegExp(`^/proc/${unnamed}/ns/net \\(net:`, "m"));
      }),
  );
});

testInOwnRun(
  "findings and what would be pruned have the members that are documented",
  async (place) => {
    const doctor = await json<Entry>(place, "doctor");
    assertShape(doctor, { canCreate: "boolean", findings: "array" });
    assert.equal(doctor.canCreate, true);
    for (const finding of doctor.findings as Entry[]) {
      assertShape(finding, { state: "string", what: "string", remedy: "string?" });
      assert.ok(["ok", "warning", "failed"].includes(String(finding.state)));
    }
    await place.check("ip", "netns", "add", "blue");
    await place.check("umount", "/run/netns/blue");
    assert.deepEqual(await json(place, "prune"), [], "it may be in the making");
    await place.check("sleep", "5");
    const stale = { name: "blue", path: "/run/netns/blue", reason: "stale" };
    assert.deepEqual(await json(place, "prune", "--dry-run"), [stale]);
  },
);

testInOwnRun("the monitor prints a line for each name as it can be used", async (place) => {
  const [file, ...args] = place.prefix;
  const monitor = spawn(file!, [...args, "sh", "-c", `exec ${shellCommand("monitor", "--json")}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(monitor, "exit");
  try {
    let printed = "";
    monitor.stdout.setEncoding("utf8").on("data", (text: string) => printed += text);
    const until = async (pattern: RegExp) => {
      while (!pattern.test(printed)) await once(monitor.stdout, "data");
    };
    // It listens once it prints what happens: names are added until it does.
    for (let count = 0; printed === ""; count++) {
      await place.check("ip", "netns", "add", `early${count}`);
      await place.check("sleep", "0.2");
    }
    await place.check("ip", "netns", "add", "blue");
    await until(/\{"type":"add","name":"blue"\}\n/);
    await place.check("ip", "netns", "delete", "blue");
    await until(/\{"type":"delete","name":"blue"\}\n/);
    for (const line of printed.trim().split("\n")) {
      assertShape(JSON.parse(line), { type: "string", name: "string" });
    }
    // A reader that has gone is no error to it.
    monitor.stdout.destroy();
    await place.check("ip", "netns", "add", "last");
    assert.deepEqual(await exited, [0, null]);
  } finally {
    monitor.kill("SIGKILL");
    await exited;
  }
});

/** Two hosts and a bridge between them, one link on another, and a namespace without a name. */
async function buildTopology(place: Place, unnamed: string): Promise<void> {
  await place.check(
    "sh",
    "-c",
    `set -e
    for name in left right switch; do ip netns add $name; done
    for host in left right; do
      ip link add name eth0 netns $host type veth peer name to-$host netns switch
      ip -n $host link set eth0 up
    done
    ip -n switch link add br0 type bridge
    for port in to-left to-right; do ip -n switch link set $port master br0 up; done
    ip -n left address add 10.0.0.1/24 dev eth0
    ip -n left route add 10.1.0.0/16 dev eth0 table 1000
    ip -n left address add fd00::1/64 dev eth0 nodad
    ip -n left link add link eth0 name over0 type macvlan
    ip -n left link add link eth0 name moved0 type macvlan
    ip -n left link set moved0 netns right
    ip link add name out0 netns right type veth peer name in0 netns ${unnamed}`,
  );
}

interface Picture {
  namespaces: { id: string; label: string; inode: number; links?: Entry[] }[];
  edges: { from: string; to: string; kind: string }[];
}

/** Edges by names, as `left/eth0 veth switch/to-left`, both ends in order. */
function edgesOf({ namespaces, edges }: Picture): string[] {
  const names = new Map<string, string>();
  for (const { label, links } of namespaces) {
    for (const { id, name } of links ?? []) names.set(String(id), `${label}/${name}`);
  }
  return edges.map(({ from, to, kind }) => {
    const ends = [names.get(from), names.get(to)];
    if (kind === "veth") ends.sort();
    return `${ends[0]} ${kind} ${ends[1]}`;
  }).sort();
}

testInOwnRun(
  "show and graph find links, addresses and how namespaces are joined",
  (place) =>
    withProcess(place, ["unshare", "--net"], async (pid) => {
      await buildTopology(place, pid);
      const [picture, mermaid, dot, svg, shown, text] = await Promise.all([
        json<Picture>(place, "graph"),
        place.succeed("graph"),
        place.succeed("graph", "--format", "dot"),
        place.succeed("graph", "-f", "svg"),
        json(place, "show", "left", "switch"),
        place.succeed("show", "left"),
      ]);
      for (const namespace of picture.namespaces) {
        assertShape({ ...namespace }, {
          ...{ id: "string", label: "string", inode: "number", links: "array?" },
          error: "string?",
        });
        for (const link of namespace.links ?? []) {
          const shape = { id: "string", name: "string", kind: "string", addresses: "array" };
          assertShape(link, shape);
        }
      }
      const unnamed = picture.namespaces.find(({ label }) =>
        label.endsWith(` (pid ${pid})`)
      )!.label;
      assert.match(unnamed, /^(sleep|sh|unshare) \(/, "by who is in it");
      // Other programs of the machine may have namespaces, too.
      const ours = ["left/", "right/", "switch/", unnamed];
      assert.deepEqual(
        edgesOf(picture).filter((edge) => ours.some((label) => edge.startsWith(label))),
        [
          "left/eth0 veth switch/to-left",
          "left/over0 lower left/eth0",
          "right/eth0 veth switch/to-right",
          "right/moved0 lower left/eth0",
          `right/out0 veth ${unnamed}/in0`,
          "switch/to-left port switch/br0",
          "switch/to-right port switch/br0",
        ],
      );
      const left = picture.namespaces.find(({ label }) => label === "left")!;
      const eth0 = left.links!.find(({ name }) => name === "eth0")!;
      assert.ok((eth0.addresses as string[]).includes("10.0.0.1/24"));

      for (const drawn of [mermaid, dot, svg]) {
        for (
          const { label } of picture.namespaces.filter(({ label }) => ours.includes(`${label}/`))
        ) {
          assert.ok(drawn.includes(label), label);
        }
        assert.ok(drawn.includes("moved0 (macvlan)"));
      }
      for (const { from, to, kind } of picture.edges) {
        const arrow = { veth: "---", port: "-->", lower: "-.->" }[kind];
        assert.ok(mermaid.includes(`\n  ${from} ${arrow} ${to}\n`), kind);
        assert.ok(dot.includes(`\n  ${from} -- ${to} [`), kind);
      }
      assert.match(svg, /^<\?xml .*<svg .*<\/svg>\s*$/s);

      for (const entry of shown) {
        assertShape(entry, { name: "string", path: "string", inode: "number", ...content });
      }
      const [host] = shown as [Entry];
      const routes = (host.routes as Entry[]).map(({ dst, dev }) => `${dst} ${dev}`);
      assert.ok(routes.includes("10.0.0.0/24 eth0"), String(routes));
      const local = (host.routes as Entry[]).filter(({ table }) => table === "local");
      assert.ok(local.some(({ dst }) => dst === "10.0.0.1/32"), "the JSON has all tables");
      assert.doesNotMatch(text, /route 10\.0\.0\.1 /);
      assert.match(text, /^left \(net:\[\d+\]\)\n/);
      assert.match(text, /^ {2}eth0 +veth +up +\S{17} +10\.0\.0\.1\/24 fd00::1\/64/m);
      assert.match(text, /^ {2}route 10\.0\.0\.0\/24 dev eth0$/m);
      assert.match(text, /^ {2}route 10\.1\.0\.0\/16 dev eth0 table 1000$/m);
    }),
);

testInOwnRun("show tells who listens, and graph what is needed for SVG", async (place) => {
  await place.check("ip", "netns", "add", "blue");
  await place.check("ip", "-n", "blue", "link", "set", "lo", "up");
  const server = fileURLToPath(new URL("../fixtures/listeners.ts", import.meta.url));
  const [file, ...args] = place.prefix;
  const command = `exec ${shellCommand("run", "blue", server)}`;
  const child = spawn(file!, [...args, "sh", "-c", command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const [entry] = await json(place, "show", "blue") as [Entry];
    const listening = (entry.listening as { protocol: string; address: string; port: number }[])
      .map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
    assert.deepEqual(listening.sort(), ["tcp 127.0.0.1 8080", "tcp ::1 8081", "udp 0.0.0.0 5353"]);
    const text = await place.succeed("show", "blue");
    assert.match(text, /^ {2}listening tcp \[::1\]:8081$/m);
    assert.match(text, new RegExp(`^  processes .*\\b${child.pid}\\b`, "m"));
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  const packages = fileURLToPath(new URL("../../node_modules/@viz-js", import.meta.url));
  await place.check("mount", "-t", "tmpfs", "tmpfs", packages);
  const { stdout, stderr, exitCode } = await place.netns("graph", "--format", "svg");
  assert.deepEqual([stdout, exitCode], ["", 1]);
  assert.match(stderr, /the package @viz-js\/viz is not there\n +hint: install it \(npm install /);
});
