// Reads all routes of a namespace with the npm package netlink, which is to be run inside.

const { createInterface } = require("node:readline");
const { createRtNetlink } = require("netlink");

async function main() {
  const socket = createRtNetlink();
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const samples = [];
    while (samples.length < Number(line)) {
      const start = process.hrtime.bigint();
      const routes = await socket.getRoutes({ family: 2 });
      samples.push(Number(process.hrtime.bigint() - start));
      if (routes.length === 0) throw new Error("no routes");
    }
    console.log(JSON.stringify({ samples }));
  }
  process.exit();
}

main();
