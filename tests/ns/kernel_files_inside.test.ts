/** The kernel's files about the network, by the runtime's own functions inside. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();
const parameter = "/proc/sys/net/ipv4/ip_default_ttl";

leakChecked("every form of a path of /proc/net shows the namespace", { skip }, async () => {
  const ns = NetNS.create();
  const others = await ns.do(async () => {
    const fs = await import("node:fs");
    const { readFile } = await import("node:fs/promises");
    const { promisify } = await import("node:util");
    const process = await import("node:process");
    // A new namespace has no other interface.
    const isOther = (text: string) => text.trim().split("\n").slice(2).length !== 1;
    const forms: (string | URL | Uint8Array)[] = [
      "/proc/net/dev",
      "//proc/./self/../net/dev",
      `/proc/${process.pid}/net/dev`,
      new URL("file:///proc/self/net/dev"),
      new TextEncoder().encode("/proc/thread-self/net/dev"),
    ];
    const found: string[] = [];
    for (const form of forms) {
      const path = form as string;
      const texts = [
        fs.readFileSync(path, "utf8"),
        await readFile(path, "utf8"),
        await promisify(fs.readFile)(path, "utf8"),
      ];
      if (texts.some(isOther)) found.push(String(path));
    }
    return found;
  });
  assert.deepEqual(others, []);
  await ns.close();
});

leakChecked("whether a file of /proc/net is there is told of the namespace", { skip }, async () => {
  const ns = NetNS.create();
  await ns.link.add({ kind: "ifb", name: "only0" });
  const found = await ns.do(async (path) => {
    const fs = await import("node:fs");
    const { promisify } = await import("node:util");
    return [
      fs.existsSync(path),
      await new Promise((resolve) => fs.exists(path, resolve)),
      await promisify(fs.exists)(path),
    ];
  }, "/proc/net/dev_snmp6/only0");
  assert.deepEqual(found, [true, true, true]);
  await ns.close();
});

leakChecked("parameters are read and written inside, by every function", { skip }, async () => {
  const home = fs.readFileSync(parameter, "utf8");
  const ns = NetNS.create();
  const seen = await ns.do(async (parameter) => {
    const fs = await import("node:fs");
    const { promisify } = await import("node:util");
    const read = () => fs.readFileSync(parameter, "utf8").trim();
    const seen: string[] = [];
    fs.writeFileSync(parameter, "101");
    seen.push((await fs.promises.readFile(parameter, "utf8")).trim());
    await fs.promises.writeFile(parameter, "102");
    seen.push(read());
    await promisify(fs.writeFile)(parameter, "103");
    seen.push(read());
    const handle = await fs.promises.open(parameter, "r+");
    seen.push((await handle.readFile("utf8")).trim());
    await handle.close();
    const stream = fs.createWriteStream(parameter);
    await new Promise<void>((resolve, reject) => {
      stream.on("error", reject).on("close", resolve);
      stream.end("104");
    });
    seen.push(read());
    return seen;
  }, parameter);
  assert.deepEqual(seen, ["101", "102", "103", "103", "104"]);
  assert.equal(fs.readFileSync(parameter, "utf8"), home);
  await ns.close();
});

leakChecked("errors of such files are those of the runtime", { skip }, async () => {
  const ns = NetNS.create();
  const codes = await ns.do(async () => {
    const fs = await import("node:fs");
    const missing = "/proc/sys/net/no_such_parameter";
    const code = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "none";
    const thrown = () => {
      try {
        return fs.readFileSync(missing, "utf8");
      } catch (error) {
        return code(error);
      }
    };
    return [
      thrown(),
      await fs.promises.readFile(missing, "utf8").catch(code),
      await fs.promises.open(missing).catch(code),
      await new Promise((resolve) => fs.readFile(missing, (error) => resolve(code(error)))),
      await fs.promises.readFile("/proc/net/no_such_file", "utf8").catch(code),
    ];
  });
  assert.deepEqual(codes, ["ENOENT", "ENOENT", "ENOENT", "ENOENT", "ENOENT"]);
  await ns.close();
});

leakChecked("/sys/class/net is refused inside, and read as ever outside", { skip }, async () => {
  const ns = NetNS.create();
  const codes = await ns.do(async () => {
    const fs = await import("node:fs");
    const code = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "none";
    const file = "/sys/class/net/lo/mtu";
    const calls: (() => unknown)[] = [
      () => fs.readFileSync(file),
      () => fs.existsSync(file),
      () => fs.promises.readdir("/sys/class/net"),
      () => new Promise((_, reject) => fs.stat(file, (error) => reject(error))),
      () => new Promise((_, reject) => fs.createReadStream(file).on("error", reject)),
    ];
    const codes: string[] = [];
    for (const call of calls) {
      try {
        await call();
        codes.push("none");
      } catch (error) {
        codes.push(code(error));
      }
    }
    return codes;
  });
  assert.deepEqual([...new Set(codes)], ["ERR_NETNS_NOT_CONTAINED"]);
  assert.ok(Number(fs.readFileSync("/sys/class/net/lo/mtu", "utf8")) > 0);
  await ns.close();
});

leakChecked("functions of files look as they did, and other files are untouched", {
  skip,
}, async () => {
  const describe = async () => {
    const fs = await import("node:fs");
    const functions = [
      ...[fs.readFile, fs.readFileSync, fs.promises.readFile, fs.exists, fs.existsSync],
      ...[fs.realpath, fs.realpathSync, fs.open, fs.opendir],
    ];
    return [
      ...functions.map(({ name, length }) => `${name} ${length}`),
      typeof fs.realpath.native,
      fs.readFileSync("/etc/passwd", "utf8") === await fs.promises.readFile("/etc/passwd", "utf8"),
      fs.existsSync("/proc/net_no_such"),
    ];
  };
  const ns = NetNS.create();
  assert.deepEqual(await ns.do(describe), await describe());
  await ns.close();
});
