import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };
const sysctl = "/proc/sys/net/ipv4/ip_default_ttl";

leakChecked("what is copied to a file of the kernel changes nothing at home", options, async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "netns-copy-"));
  const source = path.join(directory, "value");
  const home = fs.readFileSync(sysctl, "utf8").trim();
  fs.writeFileSync(source, String(Number(home) - 1));
  const ns = NetNS.create();
  try {
    const codes = await ns.do(
      async (source: string, sysctl: string) => {
        const fs = await import("node:fs");
        const outcome = async (copy: () => unknown) => {
          try {
            await copy();
            return "done";
          } catch (error) {
            return (error as { code?: string }).code;
          }
        };
        const mtu = "/sys/class/net/lo/mtu";
        await outcome(() => fs.promises.copyFile(source, sysctl));
        await outcome(() =>
          new Promise<void>((resolve, reject) =>
            fs.copyFile(source, sysctl, (error) => error ? reject(error) : resolve())
          )
        );
        await outcome(() => fs.promises.cp(source, sysctl));
        return [
          await outcome(() => fs.copyFileSync(source, mtu)),
          await outcome(() => fs.promises.copyFile(source, mtu)),
          await outcome(() => fs.promises.cp(source, mtu)),
          await outcome(() => fs.realpathSync.native("/sys/class/net/lo")),
        ];
      },
      source,
      sysctl,
    );
    assert.deepEqual(codes, Array(4).fill("ERR_NETNS_NOT_CONTAINED"));
    assert.equal(fs.readFileSync(sysctl, "utf8").trim(), home);
  } finally {
    await ns.close();
    fs.rmSync(directory, { recursive: true });
  }
});
