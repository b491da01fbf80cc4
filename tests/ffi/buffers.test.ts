import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import { collectGarbage, Litter } from "../helpers/garbage.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { adapters } from "./adapters.ts";

const size = 8;
const count = 1000;

for (const { name, libc } of adapters()) {
  const inDirectory = (what: string, run: (directory: string) => void) =>
    leakChecked(`${name}: ${what}`, () => inTemporaryDirectory(run));

  inDirectory(
    "a thousand small buffers hold what the kernel wrote, whatever is collected",
    (directory) => {
      const file = path.join(directory, "records");
      const record = (index: number) => String(index).padStart(size, "-");
      fs.writeFileSync(file, Array.from({ length: count }, (_, index) => record(index)).join(""));
      const litter = new Litter();
      const fd = libc.open(file, O_RDONLY | O_CLOEXEC, 0);
      const buffers = Array.from({ length: count }, (_, index) => {
        const buffer = new Uint8Array(new ArrayBuffer(size));
        for (let turn = 0; turn < 20; turn++) litter.drop(index * 20 + turn);
        assert.equal(libc.read(fd, buffer, size), size);
        return buffer;
      });
      libc.close(fd);
      collectGarbage();
      const decoder = new TextDecoder();
      buffers.forEach((buffer, index) => assert.equal(decoder.decode(buffer), record(index)));
    },
  );

  inDirectory(
    "a buffer is written in place again and again, also seen through its views",
    (directory) => {
      const file = path.join(directory, "counter");
      const buffer = new Uint8Array(new ArrayBuffer(size));
      const view = new DataView(buffer.buffer);
      const tail = buffer.subarray(4);
      const litter = new Litter();
      for (let turn = 0; turn < 300; turn++) {
        const written = Uint8Array.from({ length: size }, (_, index) => turn + index & 0xff);
        fs.writeFileSync(file, written);
        for (let more = 0; more < 50; more++) litter.drop(turn * 50 + more);
        const fd = libc.open(file, O_RDONLY | O_CLOEXEC, 0);
        assert.equal(libc.read(fd, buffer, size), size);
        libc.close(fd);
        assert.deepEqual([...buffer], [...written]);
        assert.equal(view.getUint8(7), written[7]);
        assert.deepEqual([...tail], [...written.subarray(4)]);
      }
    },
  );

  inDirectory("a view of a part of a buffer is filled, and nothing beside it", (directory) => {
    fs.writeFileSync(path.join(directory, "file"), "abcdef");
    const buffer = new Uint8Array(new ArrayBuffer(16)).fill(46);
    const fd = libc.open(path.join(directory, "file"), O_RDONLY | O_CLOEXEC, 0);
    assert.equal(libc.read(fd, buffer.subarray(4, 8), 4), 4);
    libc.close(fd);
    assert.equal(new TextDecoder().decode(buffer), "....abcd........");
  });
}
