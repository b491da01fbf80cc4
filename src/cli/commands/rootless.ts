/** `netns rootless`. @module */

import { here } from "../../position.ts";
import { become, stateOf } from "../become.ts";
import type { Command } from "../command.ts";
import { tryUserNamespaces, unshare } from "../doctor/user_namespaces.ts";
import { printError } from "../output.ts";
import { ownCommand } from "../self.ts";

/** Runs a program where an ordinary user may do all of this. */
export const rootless: Command = {
  name: "rootless",
  summary: "run a program in user, mount and network namespaces of your own",
  usage: "[--] PROGRAM [ARGS...]",
  details:
    "The program sees itself as root, with a /run/netns of its own, in an empty network. It " +
    "needs no privilege, but unshare(1) of util-linux and a kernel that permits user namespaces.",
  example: "netns rootless -- npm test",
  program: { positionalsBefore: 0, optionsInstead: [] },
  run({ program }) {
    const refusal = tryUserNamespaces();
    if (refusal !== undefined) {
      printError(`Cannot make user, mount and network namespaces: ${refusal.what}`, refusal.remedy);
      return 1;
    }
    const state = stateOf(rootless, { "no-mount": true });
    const init = [...ownCommand(), "rootless-init", "--"];
    return become(here(), [...unshare, ...init, ...program], state);
  },
};
