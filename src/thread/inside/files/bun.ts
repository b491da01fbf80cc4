/**
 * Bun's own functions of files, which work on threads that all of the process shares.
 *
 * @module
 */

import { follow } from "./follow.ts";
import type { Recognize } from "./kernel_path.ts";
import { refusal } from "./refusal.ts";
import { type Callable, replaceFunctions } from "./replace.ts";

/** What the shell opens itself, rather than a child: within a text, and as the value after one. */
const REDIRECTION = /([<>]\s*["']?)([^\s"'<>|;&()]+)/g;
const REDIRECTION_TO_VALUE = /[<>]\s*["']?$/;

/** Contains them. */
export function containBunFiles(recognize: Recognize): void {
  const { Bun } = globalThis as unknown as { Bun: Record<"$", Callable> };
  const recognizeUrl = (path: unknown) =>
    recognize(typeof path === "string" && URL.canParse(path) ? new URL(path) : path);
  /** They open a file when it is read. */
  const followed = (path: unknown) => {
    const found = recognizeUrl(path);
    if (found !== undefined && found.kind !== "thread") throw refusal(found);
    return found?.path ?? path;
  };
  replaceFunctions(Bun, ["file"], (own) =>
    function (path, ...rest) {
      return own.call(this, followed(path), ...rest);
    });
  replaceFunctions(Bun, ["write"], (own) =>
    async function (path, ...rest) {
      return await own.call(this, followed(path), ...rest);
    });
  Bun.$ = new Proxy(Bun.$, {
    apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
      const raw = strings.raw.map((text) =>
        // They are opened on the thread.
        text.replace(REDIRECTION, (_, sign, path) => sign + follow(recognize, path))
      );
      const operands = values.map((value, index) =>
        typeof value === "string" && REDIRECTION_TO_VALUE.test(raw[index]!)
          ? follow(recognize, value)
          : value
      );
      return Reflect.apply(target, self, [Object.assign([...strings], { raw }), ...operands]);
    },
  });
}
