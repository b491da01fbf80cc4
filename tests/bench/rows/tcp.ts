/**
 * Moving bytes from one namespace into another.
 *
 * @module
 */

import { NetNS } from "../../../mod.ts";
import { transferMiB } from "../amounts.ts";
import { runtime } from "../../helpers/runtime.ts";
import type { Prepare } from "../measurement.ts";
import type { Family } from "../row.ts";
import { bunSockets } from "../sockets/bun.ts";
import { denoSockets } from "../sockets/deno.ts";
import { nodeSockets } from "../sockets/node.ts";

const sockets = {
  "node-koffi": nodeSockets,
  "node-ffi": nodeSockets,
  deno: denoSockets,
  bun: bunSockets,
};

const transfer: Prepare = async ({ quick }) => {
  const { serve, receive } = sockets[runtime];
  const [sender, receiver] = [NetNS.create(), NetNS.create()];
  await sender.link.add({
    kind: "veth",
    name: "veth0",
    up: true,
    peer: { name: "veth0", netns: receiver },
  });
  await receiver.link.set("veth0", { up: true });
  await sender.addr.add({ dev: "veth0", address: "10.9.0.1/24" });
  await receiver.addr.add({ dev: "veth0", address: "10.9.0.2/24" });
  const size = transferMiB(quick) * 2 ** 20;
  const port = await sender.do(serve, size);
  return {
    async sample(count) {
      const samples: number[] = [];
      while (samples.length < count) {
        const time = await receiver.do(receive, "10.9.0.1", port, size);
        samples.push(time * 2 ** 30 / size);
      }
      return samples;
    },
    async close() {
      await sender.close();
      await receiver.close();
    },
  };
};

/** The row of bulk transfers. */
export const tcp: Family = {
  name: "tcp",
  measurements: { transfer },
  rows: [
    {
      title: "1 GiB over TCP and veth in writes of 64 KiB, and by iperf3",
      ours: { run: { measurement: "transfer" }, label: "sockets in do", samples: 3 },
      rival: {
        run: {
          language: "shell",
          program: "iperf3",
          args: ({ quick }) => [`${transferMiB(quick)}`],
        },
        label: "iperf3",
        samples: 3,
      },
      goal: { faster: 0.95 },
    },
  ],
};
