import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { createAnonymous } from "../../src/create.ts";
import { isNetNSError } from "../../src/errors.ts";
import { deleteNamed, listNamed, pinNamespace } from "../../src/named.ts";
import type { Namespace } from "../../src/namespace.ts";
import { getNsid, setNsid } from "../../src/nsid.ts";
import { home, inside } from "../../src/position.ts";
import { withFreeDescriptors } from "../helpers/descriptors.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipAny, skipUnlessPrivileged, skipWithout } from "../helpers/requirements.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const skip = skipUnlessPrivileged();

/** A test between two new namespaces: ids are given in `here`, where they are nobody else's. */
function betweenTwo(name: string, run: (here: Namespace, there: Namespace) => void): void {
  leakChecked(name, { skip }, () => {
    const here = createAnonymous({ loopback: false });
    const there = createAnonymous({ loopback: false });
    run(here, there);
    here.close();
    there.close();
  });
}

betweenTwo("a namespace has no nsid until one is set", (here, there) => {
  inside(here, () => {
    assert.equal(getNsid(there), undefined);
    assert.equal(getNsid(here), undefined);
    assert.equal(getNsid(there), undefined);
  });
});

betweenTwo("an nsid that was set is read back", (here, there) => {
  inside(here, () => {
    assert.equal(setNsid(there, 42), 42);
    assert.equal(getNsid(there), 42);
  });
});

betweenTwo("an nsid holds in the namespace of the caller only", (here, there) => {
  inside(here, () => setNsid(there, 7));
  inside(there, () => {
    assert.equal(getNsid(here), undefined);
    assert.equal(setNsid(here, 0), 0);
  });
  inside(here, () => assert.equal(getNsid(there), 7));
});

betweenTwo(`"auto" gives a free nsid`, (here, there) => {
  const third = createAnonymous({ loopback: false });
  inside(here, () => {
    const one = setNsid(there, "auto");
    const two = setNsid(third, "auto");
    assert.ok(Number.isInteger(one) && one >= 0);
    assert.notEqual(one, two);
    assert.deepEqual([getNsid(there), getNsid(third)], [one, two]);
  });
  third.close();
});

betweenTwo("an nsid is set once, and the error says what it is", (here, there) => {
  inside(here, () => {
    setNsid(there, 5);
    for (const nsid of [5, 6, "auto"] as const) {
      assert.throws(() => setNsid(there, nsid), {
        name: "NetNSError",
        code: "EEXIST",
        syscall: "RTM_NEWNSID",
        hint: "the namespace has the id 5 already; an id is given once and stays",
      });
    }
    assert.equal(getNsid(there), 5);
  });
});

betweenTwo("an nsid that another namespace has is refused", (here, there) => {
  const third = createAnonymous({ loopback: false });
  inside(here, () => {
    setNsid(there, 5);
    assert.throws(() => setNsid(third, 5), (error: unknown) => {
      assert.ok(isNetNSError(error));
      assert.equal(error.code, "EEXIST");
      assert.match(error.hint!, /another namespace has the id 5/);
      return true;
    });
    assert.equal(getNsid(third), undefined);
  });
  third.close();
});

betweenTwo("a bad nsid is refused before any system call", (_, there) => {
  for (const bad of [-1, -3, 1.5, NaN, 2 ** 31]) {
    assert.throws(() => setNsid(there, bad), RangeError);
  }
  for (const bad of [undefined, null, "5", 5n]) {
    assert.throws(() => setNsid(there, bad as unknown as number), TypeError);
  }
});

betweenTwo("without free descriptors it says so", (_, there) => {
  assert.throws(() => withFreeDescriptors(0, () => getNsid(there)), {
    code: "EMFILE",
    syscall: "socket",
  });
});

betweenTwo("a closed namespace has no nsid to ask for", (_, there) => {
  there.close();
  assert.throws(() => getNsid(there), { code: "ERR_NETNS_CLOSED" });
  assert.throws(() => setNsid(there, 1), { code: "ERR_NETNS_CLOSED" });
});

leakChecked(
  "the list has the nsids that the calling namespace knows",
  { skip },
  () =>
    inTemporaryDirectory((parent) => {
      const dir = path.join(parent, "names");
      const here = createAnonymous({ loopback: false });
      for (const name of ["one", "two"]) {
        const created = createAnonymous({ loopback: false });
        pinNamespace(created, name, { dir });
        if (name === "two") inside(here, () => setNsid(created, 9));
        created.close();
      }
      const nsids = () => listNamed({ dir }).map(({ nsid }) => nsid);
      assert.deepEqual(inside(here, nsids), [undefined, 9]);
      assert.deepEqual(inside(here, () => "nsid" in listNamed({ dir })[0]!), false);
      assert.deepEqual(nsids(), [undefined, undefined]);
      for (const name of ["one", "two"]) deleteNamed(name, { dir });
      here.close();
    }),
);

const skipWithoutIp = { skip: skipAny(skip, skipWithout({ command: "ip" })) };

leakChecked("ip netns list-id shows an nsid that was set here", skipWithoutIp, () => {
  const here = createAnonymous({ loopback: false });
  inside(here, () => {
    setNsid(home(), 99);
    const { stdout } = spawnSync("ip", ["netns", "list-id"], { encoding: "utf8" });
    assert.match(stdout, /^nsid 99/m);
  });
  here.close();
});
