/**
 * Headers as they cross between threads.
 *
 * @module
 */

/** Headers of which names and values come by turns, in pairs. */
export function headerPairs(lines: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 2) {
    pairs.push([lines[index]!, lines[index + 1]!]);
  }
  return pairs;
}

/** The names and values of headers by turns. */
export function headerLines(headers: Headers): string[] {
  const lines: string[] = [];
  headers.forEach((value, name) => lines.push(name, value));
  return lines;
}
