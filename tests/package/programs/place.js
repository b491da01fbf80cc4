import fs from "node:fs";

console.log(fs.readlinkSync("/proc/self/ns/net"));
