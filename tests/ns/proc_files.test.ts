import assert from "node:assert/strict";
import fs from "node:fs";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

leakChecked("readProcNet() reads the namespace's own files", options, async () => {
  const ns = NetNS.create();
  const devices = (await ns.readProcNet("dev")).split("\n").slice(2).filter(Boolean);
  assert.ok(devices.every((line) => !line.includes("eth")), devices.join("\n"));
  assert.match(devices.join("\n"), /lo:/);
  const server = ns.listen({ port: 4242, host: "127.0.0.1" });
  assert.match(await ns.readProcNet("tcp"), /0100007F:1092 /);
  assert.doesNotMatch(await NetNS.home().readProcNet("tcp"), /0100007F:1092 /);
  server.close();
  await ns.close();
});

leakChecked("sysctl reads and writes the namespace's own parameters", options, async () => {
  const [one, two] = [NetNS.create(), NetNS.create()];
  const name = "net.ipv4.ip_default_ttl";
  const home = fs.readFileSync("/proc/sys/net/ipv4/ip_default_ttl", "utf8").trim();
  await one.sysctl.set(name, 17);
  await two.sysctl.set("net/ipv4/ip_default_ttl", "18");
  assert.deepEqual([await one.sysctl.get(name), await two.sysctl.get(name)], ["17", "18"]);
  assert.equal(await NetNS.home().sysctl.get(name), home);
  await one.sysctl.set("net.ipv4.conf.lo.forwarding", true);
  assert.equal(await one.sysctl.get("net.ipv4.conf.lo.forwarding"), "1");
  await Promise.all([one.close(), two.close()]);
});

leakChecked("names and values that cannot be are refused", options, async () => {
  const ns = NetNS.create();
  for (
    const name of ["", "kernel.hostname", "net/../kernel/hostname", "/net/ipv4", "net.ipv4..x"]
  ) {
    await assert.rejects(ns.sysctl.get(name), RangeError, name);
  }
  await assert.rejects(ns.sysctl.get(7 as never), TypeError);
  await assert.rejects(ns.sysctl.get("net.ipv4.no_such_parameter"), {
    code: "ERR_NETNS_NOT_FOUND",
    path: "/proc/sys/net/ipv4/no_such_parameter",
  });
  await assert.rejects(ns.sysctl.set("net.ipv4.ip_default_ttl", "many"), { code: "EINVAL" });
  await assert.rejects(ns.sysctl.set("net.ipv4.ip_default_ttl", NaN), TypeError);
  for (const file of ["", "/dev", "../status", "stat/../dev"]) {
    await assert.rejects(ns.readProcNet(file), RangeError, file);
  }
  await assert.rejects(ns.readProcNet("no_such_file"), { code: "ERR_NETNS_NOT_FOUND" });
  await ns.close();
  await assert.rejects(ns.readProcNet("dev"), { code: "ERR_NETNS_CLOSED" });
  await assert.rejects(ns.sysctl.get("net.ipv4.ip_forward"), { code: "ERR_NETNS_CLOSED" });
});
