/** What `netns doctor` says of the directory of the names. */

import assert from "node:assert/strict";
import { examining, hidden, privileged } from "../helpers/examination.ts";

examining(
  "a private /run/netns with stale names",
  privileged,
  {
    prefix: hidden(
      "mount -t tmpfs tmpfs /run && mkdir /run/netns && mount --bind /run/netns /run/netns && " +
        "mount --make-private /run/netns && touch /run/netns/old && sleep 5.1",
    ),
  },
  ({ found }) => {
    assert.match(found(/\/run\/netns is a private mount/).remedy!, /rslave/);
    assert.match(found(/^Cannot prune "\/run\/netns"/).remedy!, /rslave/);
  },
);

const emptyRun = "mount -t tmpfs tmpfs /run";
const cannotName: [state: string, script: string, found: RegExp, remedy: RegExp][] = [
  ["a file", "touch /run/netns", /netns: it is no directory$/, /make it a directory/],
  ["a link to nothing", "ln -s nothing /run/netns", /it is a symbolic link to/, /--dir/],
  [
    "read-only",
    "mkdir /run/netns && mount -o remount,ro /run",
    /in \/run\/netns: EROFS/,
    /mount it writable/,
  ],
  ["to be made where it is read-only", "mount -o remount,ro /run", /netns: EROFS/, /writable/],
  [
    "on a full file system",
    "mount -t tmpfs -o nr_inodes=2 tmpfs /run && mkdir /run/netns",
    /netns: ENOSPC/,
    /df -i/,
  ],
];
for (const [state, script, what, remedy] of cannotName) {
  examining(
    `/run/netns is ${state}`,
    privileged,
    { prefix: hidden(`${emptyRun} && ${script}`) },
    ({ canCreate, found }) => {
      assert.equal(canCreate, true);
      const finding = found(what);
      assert.equal(finding.state, "failed");
      assert.match(finding.remedy!, remedy);
    },
  );
}

const shared = `${emptyRun} && mkdir /run/names && mount --bind /run/names /run/names && ` +
  "mount --make-shared /run/names && ln -s names /run/link";
for (const dir of ["/run/names/", "/run/link//"]) {
  examining(
    `the mount of ${dir} is that of the directory which it leads to`,
    privileged,
    { prefix: hidden(shared), doctor: ["--dir", dir] },
    ({ found }) => assert.equal(found(/is a shared mount/).state, "ok"),
  );
}

examining(
  "a mount under another one is not taken for that of the directory",
  privileged,
  {
    prefix: hidden(
      `${emptyRun} && mkdir /run/netns && mount --bind /run/netns /run/netns && ` +
        `mount --make-shared /run/netns && ${emptyRun} && mkdir /run/netns && ` +
        "touch /run/netns/old && sleep 5.1",
    ),
  },
  ({ found }) => {
    assert.equal(found(/\/run\/netns is no mount yet/).state, "ok");
    assert.match(found(/^Cannot prune "\/run\/netns"/).remedy!, /do not appear below "\/run"/);
  },
);
