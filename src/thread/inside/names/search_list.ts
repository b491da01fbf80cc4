/**
 * The names that are asked for in place of one with few dots.
 *
 * @module
 */

/** The names to ask for, in order, by the rules of resolv.conf(5). */
export function searchList(
  name: string,
  { search, ndots }: { search: readonly string[]; ndots: number },
): string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const below = search.map((domain) => `${name}.${domain}`);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [name, ...below] : [...below, name];
}

/** Whether a name can be asked for at all: RFC 1035, section 2.3.4. */
export function canBeAsked(name: string): boolean {
  return name.length <= 253 &&
    name.split(".").every((label) => label.length >= 1 && label.length <= 63);
}
