import assert from "node:assert/strict";
import { once } from "node:events";
import { NetNSError } from "../../src/errors.ts";
import type { Namespace } from "../../src/namespace.ts";
import type { Connection } from "../../src/netlink/connection.ts";
import { inside } from "../../src/position.ts";
import { collectGarbage } from "../helpers/garbage.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import {
  addAddress,
  addAltnames,
  addLink,
  addRoute,
  connectTo,
  deleteLink,
  getLink,
  listLinks,
  listRoutes,
} from "../helpers/netlink_requests.ts";
import { openSockets } from "../helpers/process_state.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript } from "../helpers/runtime.ts";
import { inNamespace } from "../helpers/test_namespace.ts";
import { firstMessage, startWorker } from "../helpers/worker.ts";

const skip = skipUnlessPrivileged();

/** A test with a connection to a namespace of its own. */
function connected(
  name: string,
  run: (connection: Connection, namespace: Namespace) => void | Promise<void>,
): void {
  leakChecked(name, { skip, timeout: 120_000 }, () =>
    inNamespace(async (namespace) => {
      const connection = connectTo(namespace);
      try {
        await run(connection, namespace);
      } finally {
        connection.close();
      }
    }));
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

connected(
  "400 requests of one tick are all acknowledged, and what they made is there",
  async (connection) => {
    const names = numbers(400).map((index) => `ifb-${index}`);
    await Promise.all(names.map((name) => connection.request(addLink(name))));
    assert.deepEqual((await connection.dump(listLinks())).sort(), ["lo", ...names].sort());
  },
);

connected("an error in the middle is of its own request; order is kept", async (connection) => {
  const settled: string[] = [];
  const note = (name: string) => (error?: unknown) => {
    settled.push(error instanceof NetNSError ? `${name} ${error.code}` : name);
  };
  await Promise.all([
    connection.request(addLink("one")).then(note("one"), note("one")),
    connection.request(addLink("one")).then(note("again"), note("again")),
    connection.request(addLink("two")).then(note("two"), note("two")),
    connection.request(addAddress("two", 1)).then(note("address"), note("address")),
    connection.request(addAddress("none", 1)).then(note("none"), note("none")),
    connection.dump(listLinks()).then((links) => note(links.join())()),
    connection.request(deleteLink("one")).then(note("delete"), note("delete")),
    connection.dump(listLinks()).then((links) => note(links.join())()),
  ]);
  assert.deepEqual(
    settled.sort(),
    [
      "one",
      "again EEXIST",
      "two",
      "address",
      "none ENODEV",
      "lo,one,two",
      "delete",
      "lo,two",
    ].sort(),
  );
});

connected("an error has what the kernel said, and where", async (connection) => {
  const described: number[] = [];
  const tooLong = addLink("a-name-of-20-letters");
  await assert.rejects(
    connection.request({
      ...tooLong,
      describe(message, offset) {
        described.push(offset);
        return message.u16(offset + 2) === 3 ? "IFLA_IFNAME" : "another";
      },
    }),
    (error: unknown) => {
      assert.ok(error instanceof NetNSError);
      assert.equal(error.code, "ERANGE");
      assert.equal(error.syscall, "RTM_NEWLINK");
      assert.equal(error.errno, -34);
      assert.equal(error.extack?.attribute, "IFLA_IFNAME");
      assert.equal(error.extack?.policy?.maxLength, 15);
      assert.match(error.hint!, /^IFLA_IFNAME must be .*at most 15 bytes/);
      return true;
    },
  );
  assert.deepEqual(described, [32]);
});

connected("a refused dump has the kernel's words", async (connection) => {
  const query = listRoutes();
  const start = query.message.begin(15);
  query.message.u32(4242).end(start);
  await assert.rejects(connection.dump(query), {
    code: "ENOENT",
    message: "route list failed with ENOENT: ipv4: FIB table does not exist",
  });
});

leakChecked(
  "a socket stays in the namespace that it was made for",
  { skip },
  () =>
    inNamespace((one) =>
      inNamespace(async (two) => {
        const [ofOne, ofTwo] = [connectTo(one), connectTo(two)];
        await Promise.all([ofOne.request(addLink("red")), ofTwo.request(addLink("blue"))]);
        for (let turn = 0; turn < 3; turn++) {
          assert.deepEqual(await ofOne.dump(listLinks()), ["lo", "red"]);
          assert.deepEqual(await ofTwo.dump(listLinks()), ["lo", "blue"]);
        }
        // What is sent while the thread is elsewhere goes where the socket is.
        const sent = inside(two, () => ofOne.request(addLink("green")));
        await sent;
        assert.deepEqual(await ofOne.dump(listLinks()), ["lo", "red", "green"]);
        ofOne.close();
        ofTwo.close();
      })
    ),
);

connected("links are known by long and odd alternative names", async (connection) => {
  const names = ["short-alt", "a-rather-long-alternative-name", "with:colon", "größe-ß"];
  await connection.request(addLink("ifb0"));
  await connection.request(addAltnames("ifb0", names));
  for (const name of ["ifb0", ...names]) {
    assert.equal((await connection.query(getLink(name)))[0]?.name, "ifb0", name);
  }
  for (const name of ["ifb0:1", "another-name-that-is-rather-long", "none"]) {
    await assert.rejects(connection.query(getLink(name)), { code: "ENODEV" }, name);
  }
});

connected("a reply that is larger than the buffer is read whole", async (connection) => {
  await connection.request(addLink("ifb0"));
  for (const part of numbers(12)) {
    const names = numbers(25).map((index) => `${part}-${index}-`.padEnd(120, "x"));
    await connection.request(addAltnames("ifb0", names));
  }
  const [link] = await connection.query(getLink("ifb0"));
  assert.ok(link!.length > 36_000, `${link!.length} bytes`);
  assert.equal(link!.name, "ifb0");
  assert.deepEqual(await connection.dump(listLinks()), ["lo", "ifb0"]);
  const found: string[] = [];
  for await (const name of connection.iterate(listLinks())) found.push(name);
  assert.deepEqual(found, ["lo", "ifb0"]);
});

/** A query that makes a link each time it has read so many others, and takes its time over it. */
function disturbed(connection: Connection, times: number) {
  let read = 0;
  const query = listLinks();
  return {
    ...query,
    read(...args: Parameters<typeof query.read>): string | undefined {
      if (++read % 50 === 0 && times-- > 0) {
        connection.request(addLink(`late-${times}`)).catch(() => {});
        const end = performance.now() + 20;
        while (performance.now() < end);
      }
      return query.read(...args);
    },
  };
}

leakChecked(
  "a dump that is interrupted is tried again, and is whole",
  { skip },
  () =>
    inNamespace(async (namespace) => {
      const [connection, other] = [connectTo(namespace), connectTo(namespace)];
      const names = numbers(200).map((index) => `ifb-${index}`);
      await Promise.all(names.map((name) => connection.request(addLink(name))));
      await other.dump(listLinks());
      const found = await connection.dump(disturbed(other, 2));
      assert.deepEqual(found.sort(), ["lo", "late-0", "late-1", ...names].sort());
      const error = await connection.dump(disturbed(other, 10_000)).catch((error: unknown) =>
        error
      );
      assert.ok(error instanceof NetNSError);
      assert.equal(error.code, "ERR_NETNS_DUMP_INTERRUPTED");
      assert.ok(error.partial!.length > 200);
      assert.ok((await connection.dump(listLinks())).length > 203);
      connection.close();
      other.close();
    }),
);

leakChecked(
  "an iteration over what changes says so at its end",
  { skip },
  () =>
    inNamespace(async (namespace) => {
      const connection = connectTo(namespace);
      const names = numbers(200).map((index) => `ifb-${index}`);
      await Promise.all(names.map((name) => connection.request(addLink(name))));
      const seen: string[] = [];
      await assert.rejects(async () => {
        for await (const name of connection.iterate(listLinks())) {
          if (seen.push(name) === 10) await connection.request(deleteLink("ifb-199"));
        }
      }, { code: "ERR_NETNS_DUMP_INTERRUPTED" });
      assert.ok(seen.length >= 200);
      connection.close();
    }),
);

connected("an iteration that is left in the middle disturbs nothing", async (connection) => {
  await connection.request(addLink("ifb0"));
  await Promise.all(numbers(2000).map((host) => connection.request(addRoute("ifb0", host))));
  const before = openSockets();
  for await (const _ of connection.iterate(listRoutes())) break;
  const left = connection.iterate(listRoutes());
  await left.next();
  assert.ok((await connection.dump(listRoutes())).length > 2000);
  let count = 0;
  for await (const _ of connection.iterate(listRoutes())) count++;
  assert.ok(count > 2000);
  await left.return!();
  assert.equal(openSockets(), before);
});

connected("an iteration that is forgotten is closed", async (connection) => {
  const before = openSockets();
  for (let index = 0; index < 20; index++) await connection.iterate(listLinks()).next();
  for (let turn = 0; turn < 200 && openSockets() > before; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(openSockets() < before + 10, `${openSockets() - before} of 20 are open`);
});

leakChecked("closing ends iterations too", { skip }, () =>
  inNamespace(async (namespace) => {
    const connection = connectTo(namespace);
    const links = connection.iterate(listLinks());
    await links.next();
    await connection.dump(listLinks());
    connection.close();
    await assert.rejects(links.next(), { code: "ERR_NETNS_CLOSED" });
    await assert.rejects(connection.dump(listLinks()), { code: "ERR_NETNS_CLOSED" });
  }));

leakChecked("a thread that ends closes its sockets", { skip }, async () => {
  const worker = startWorker(new URL("../fixtures/netlink_worker.ts", import.meta.url));
  const exited = once(worker, "exit");
  assert.equal(await firstMessage(worker), 1);
  await exited;
});

leakChecked("an open connection keeps no process alive", { skip }, async () => {
  const script = new URL("../fixtures/netlink_idle.ts", import.meta.url);
  const { stdout, stderr, exitCode } = await runScript(script);
  assert.deepEqual([stdout, stderr, exitCode], ["idle after 1\n", "", 0]);
});
