import assert from "node:assert/strict";
import process from "node:process";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";
import { runScript, runtime } from "../helpers/runtime.ts";

const rounds = 200;

leakChecked("200 namespaces come and go while the main thread is busy, and nobody errs", {
  skip: skipUnlessPrivileged(),
  timeout: 300_000,
}, async () => {
  const server = `127.86.${process.pid >> 8 & 255}.${process.pid & 255}`;
  const mount = `
    mount -t tmpfs tmpfs /mnt
    echo "nameserver $0" > /mnt/resolv.conf
    mount --bind /mnt/resolv.conf /etc/resolv.conf
    umount -l /mnt
    exec "$@"`;
  const { stdout, stderr } = await runScript(
    new URL("../fixtures/hostile_loop.ts", import.meta.url),
    {
      prefix: ["unshare", "-m", "sh", "-c", mount, server],
      args: [server, String(rounds)],
      timeout: 290_000,
    },
  );
  assert.equal(stderr, "");
  const { refused, asked, ...result } = JSON.parse(stdout);
  assert.deepEqual(result, { rounds, wrong: [], left: "", strays: [] });
  assert.ok(asked > 7 * rounds, `${asked}`);
  // Only fetch may be, only inside, and only on Bun.
  assert.ok(refused === 0 || (runtime === "bun" && refused === rounds + 1), `${refused}`);
});
