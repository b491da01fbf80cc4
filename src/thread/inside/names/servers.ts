/**
 * Questions to DNS servers, by the runtime's c-ares, which asks from the thread that it is used on.
 *
 * @module
 */

import type dns from "node:dns";
import type { NameConfiguration } from "../../../dns/configuration.ts";

/** What the servers say: addresses or names, that there are none, or nothing of use. */
export type Answer = readonly string[] | "absent" | "failed" | "unreachable";

/** The kinds of question. */
export type Question = "resolve4" | "resolve6" | "reverse";

/** What c-ares says of a name that is not there, or cannot be. */
const absent: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ENODATA",
  "EBADNAME",
  "ENONAME",
]);

/** What it says when the server did not answer. */
const unreachable: ReadonlySet<string> = new Set(["ETIMEOUT", "ECONNREFUSED"]);

/** The servers of a namespace, each asked in turn. */
export class Servers {
  readonly #attempts: number;
  readonly #resolvers: dns.promises.Resolver[];

  constructor(
    { servers, timeout, attempts }: NameConfiguration,
    Resolver: typeof dns.promises.Resolver,
  ) {
    this.#attempts = attempts;
    // c-ares takes zones from resolv.conf only, where these servers are from.
    const groups = servers.some((server) => server.includes("%")) ? [undefined] : servers;
    this.#resolvers = groups.map((server) => {
      const resolver = new Resolver({ timeout, tries: 1 });
      if (server !== undefined) resolver.setServers([server]);
      return resolver;
    });
  }

  /** The first answer that a server gives. */
  async ask(question: Question, name: string): Promise<Answer> {
    let last: Answer = "unreachable";
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      for (const resolver of this.#resolvers) {
        const answer = await ask(resolver, question, name);
        if (answer !== "failed" && answer !== "unreachable") return answer;
        last = answer;
      }
    }
    return last;
  }
}

async function ask(
  resolver: dns.promises.Resolver,
  question: Question,
  name: string,
): Promise<Answer> {
  try {
    const answer = await resolver[question](name);
    return answer.length === 0 ? "absent" : answer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code?.replace(/^DNS_/, "") ?? "";
    if (absent.has(code)) return "absent";
    return unreachable.has(code) ? "unreachable" : "failed";
  }
}
