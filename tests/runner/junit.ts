/**
 * Reads the JUnit reports of `node:test`, `deno test` and `bun test`.
 *
 * @module
 */

/** One test that has no tests inside. */
export interface TestResult {
  name: string;
  state: "passed" | "failed" | "skipped";
  /** Why it was skipped, where the runtime says so. */
  reason?: string;
}

const testcase = /<testcase((?:\s+[\w:.-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** The tests of a report that have no tests inside. */
export function readReport(xml: string): TestResult[] {
  const results = [...xml.matchAll(testcase)].map(([, attributes, body = ""]) =>
    result(attribute(attributes!, "name") ?? "", body)
  );
  // `deno test` lists a test with steps beside its steps, which are named "test > step".
  return results.filter(({ name }) =>
    !results.some((other) => other.name.startsWith(`${name} > `))
  );
}

function result(name: string, body: string): TestResult {
  if (/<(failure|error)\b/.test(body)) return { name, state: "failed" };
  const skipped = /<skipped((?:\s+[\w:.-]+="[^"]*")*)/.exec(body);
  if (skipped === null) return { name, state: "passed" };
  const reason = attribute(skipped[1]!, "message");
  // `skip: true` is reported as the reason "true".
  return { name, state: "skipped", ...(reason && reason !== "true" ? { reason } : {}) };
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(attributes);
  return match === null ? undefined : decode(match[1]!);
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name) return entities[name] ?? all;
    return String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16));
  });
}
