/**
 * Address families in the words of iproute2.
 *
 * @module
 */

import { AF_INET, AF_INET6, AF_UNSPEC } from "../../ffi/constants.ts";
import { checkChoice, outOfRange } from "../check.ts";
import { ipLength } from "../ip_address.ts";
import type { Prefix } from "./prefix.ts";

/** IPv4 or IPv6. */
export type Family = "inet" | "inet6";

/** `AF_*` of a family; `AF_UNSPEC` for both. */
export function familyNumber(family: Family | undefined): number {
  return family === undefined ? AF_UNSPEC : family === "inet" ? AF_INET : AF_INET6;
}

/** The family of an address without a prefix length; undefined for anything else. */
export function familyOfAddress(text: unknown): Family | undefined {
  const length = typeof text === "string" ? ipLength(text) : undefined;
  return length === undefined ? undefined : length === 4 ? "inet" : "inet6";
}

/** Requires `undefined` or a family. */
export function checkFamily(option: string, family: unknown): void {
  checkChoice(option, family, ["inet", "inet6"]);
}

/** The family of an object: as told, else that of the first of its prefixes, else IPv4. */
export function commonFamily(
  told: unknown,
  prefixes: Readonly<Record<string, Prefix | undefined>>,
): Family {
  checkFamily("options.family", told);
  let family = told as Family | undefined;
  for (const option of Object.keys(prefixes)) {
    const prefix = prefixes[option];
    if (prefix === undefined) continue;
    const its = prefix.family === AF_INET ? "inet" : "inet6";
    family ??= its;
    if (family !== its) throw outOfRange(option, `of the family ${family}`, prefix.text);
  }
  return family ?? "inet";
}
