import assert from "node:assert/strict";
import { once } from "node:events";
import process from "node:process";
import { NetNS } from "../../mod.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipOn, skipUnlessPrivileged } from "../helpers/requirements.ts";

const options = { skip: skipUnlessPrivileged() };

leakChecked("exec() takes options that are undefined as not given", options, async () => {
  const ns = NetNS.create();
  const unset = {
    cwd: undefined,
    env: undefined,
    input: undefined,
    encoding: undefined,
    signal: undefined,
    timeout: undefined,
    killSignal: undefined,
  };
  const { stdout } = await ns.exec("sh", ["-c", 'cat; printf "$PWD $HOME"'], unset);
  assert.equal(stdout, `${process.cwd()} ${process.env["HOME"] ?? ""}`);
  const hung = ns.with({ timeout: 200 }).exec("sleep", ["60"], unset);
  await assert.rejects(hung, { name: "ExecError", timedOut: true });
  await ns.close();
});

leakChecked("exec() takes an encoding that is decided while it runs", options, async () => {
  const ns = NetNS.create();
  for (const encoding of ["utf8", "buffer"] as ("utf8" | "buffer")[]) {
    const { stdout } = await ns.exec("echo", ["a"], { encoding });
    assert.equal(typeof stdout === "string" ? stdout : String.fromCharCode(...stdout), "a\n");
    assert.equal(typeof stdout === "string", encoding === "utf8");
  }
  await ns.close();
});

leakChecked("spawn() takes options that are undefined as not given", options, async () => {
  const ns = NetNS.create();
  const unset = { cwd: undefined, env: undefined, stdio: undefined, signal: undefined };
  const child = ns.spawn("cat", [], { ...unset, detached: undefined });
  child.stdin.end("a");
  const [data] = await once(child.stdout, "data") as [Uint8Array];
  assert.equal(String(data), "a");
  if (child.exitCode === null) await once(child, "exit");
  await ns.close();
});

leakChecked("connect() and listen() take undefined options as not given", options, async () => {
  const ns = NetNS.create();
  const server = ns.listen(
    { port: 8080, host: undefined, path: undefined, backlog: undefined, ipv6Only: undefined },
    (socket) => socket.end("hello"),
  );
  const socket = ns.connect({
    port: 8080,
    host: undefined,
    path: undefined,
    signal: undefined,
    timeout: undefined,
  });
  const [data] = await once(socket, "data") as [Uint8Array];
  assert.equal(String(data), "hello");
  await once(socket, "close");
  server.close();
  await once(server, "close");
  await ns.close();
});

leakChecked("udp() takes options that are undefined as not given", {
  skip: options.skip || skipOn(["deno"], "Deno cannot take over a UDP socket"),
}, async () => {
  const ns = NetNS.create();
  const socket = ns.udp({ type: "udp4", port: undefined, host: undefined });
  await once(socket, "listening");
  assert.equal(socket.address().address, "0.0.0.0");
  socket.close();
  await once(socket, "close");
  await ns.close();
});

leakChecked("fromContainer() takes options that are undefined as not given", options, async () => {
  const unset = { engine: undefined, socketPath: undefined, signal: undefined };
  await assert.rejects(NetNS.fromContainer("no-such-container", unset), {
    code: "ERR_NETNS_NOT_FOUND",
  });
});
