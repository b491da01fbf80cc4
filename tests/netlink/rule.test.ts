import assert from "node:assert/strict";
import test from "node:test";
import { NetNS } from "../../mod.ts";
import type { Rule, RuleAdd } from "../../src/netlink/rule/rule.ts";
import { fakeNetlink } from "../helpers/fake_netlink.ts";
import { run, type Told, told } from "../helpers/iproute2_json.ts";
import { leakChecked } from "../helpers/leak_check.ts";
import { skipUnlessPrivileged } from "../helpers/requirements.ts";

const skip = skipUnlessPrivileged();

/** A test in a new namespace. */
function inNamespace(name: string, body: (ns: NetNS) => Promise<void>): void {
  leakChecked(name, { skip }, async () => {
    const ns = NetNS.create();
    try {
      await body(ns);
    } finally {
      await ns.close();
    }
  });
}

const bounds = (range: Rule["sport"]) => typeof range === "number" ? [range, range] : range;

/** A rule of ours in iproute2's terms. */
function comparable(rule: Rule): Told {
  const { from = "all", to, sport, dport, uidrange } = rule;
  const prefix = (text: string | undefined) => {
    const [address, length] = text?.split("/") ?? [];
    const isHost = length === "32" || length === "128";
    return [address, length === undefined || isHost ? undefined : Number(length)];
  };
  const [src, srclen] = prefix(from);
  const [dst, dstlen] = prefix(to);
  return defined({
    priority: rule.priority,
    not: rule.not === true ? null : undefined,
    src,
    srclen,
    dst,
    dstlen,
    fwmark: rule.fwmark === undefined ? undefined : `0x${rule.fwmark.toString(16)}`,
    iif: rule.iif,
    ipproto: rule.ipproto,
    sport: bounds(sport),
    dport: bounds(dport),
    uid: bounds(uidrange),
    suppress_prefixlen: rule.suppressPrefixlength,
    // Other actions have a table, which is of no use.
    table: rule.action === "lookup" ? String(rule.table) : undefined,
    action: ["lookup", "goto"].includes(String(rule.action)) ? undefined : rule.action,
    goto: rule.goto,
  });
}

function ofIproute2(rule: Told): Told {
  const { priority, not, src, srclen, dst, dstlen, fwmark, iif, ipproto, table, action } = rule;
  const { suppress_prefixlen, goto, sport, dport } = rule;
  const range = (one: unknown, first: unknown, last: unknown) =>
    one !== undefined ? [one, one] : first === undefined ? undefined : [first, last];
  return defined({
    ...{ priority, not, src, srclen, dst, dstlen, fwmark, iif, ipproto, suppress_prefixlen },
    ...{ table, action, goto },
    sport: range(sport, rule.sport_start, rule.sport_end),
    dport: range(dport, rule.dport_start, rule.dport_end),
    uid: range(undefined, rule.uid_start, rule.uid_end),
  });
}

function defined(object: Told): Told {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

async function assertSame(ns: NetNS): Promise<void> {
  for (const family of ["inet", "inet6"] as const) {
    const ours = (await ns.rule.list({ family })).map(comparable);
    const theirs = await told(ns, `ip ${family === "inet" ? "-4" : "-6"} rule show`);
    assert.deepEqual(ours, theirs.map(ofIproute2));
  }
}

const rules: RuleAdd[] = [
  { from: "10.1.0.0/16", table: 1000, priority: 100 },
  { to: "10.2.3.4", not: true, table: "local", priority: 101 },
  { fwmark: 0x10, iif: "lo", ipproto: "tcp", sport: 80, dport: [8000, 8999], priority: 102 },
  { uidrange: [1000, 2000], table: 255, suppressPrefixlength: 0, priority: 103 },
  { action: "unreachable", from: "10.9.0.0/16", priority: 104 },
  { goto: 104, priority: 90 },
  { from: "fd00::/64", to: "fd01::1", table: 70_000, priority: 100 },
  { action: "prohibit", family: "inet6", fwmark: 7, fwmask: 0xff, priority: 101, proto: "static" },
];

inNamespace("ip reads the rules that were added here", async (ns) => {
  await Promise.all(rules.slice(0, 3).map((rule) => ns.rule.add(rule)));
  await assertSame(ns);
});

inNamespace("rules that ip added are read here", async (ns) => {
  await run(ns, "ip rule add from 10.1.0.0/16 lookup 1000 pref 100");
  await run(ns, "ip rule add not to 10.2.3.4 iif lo fwmark 0x7 dport 5-9 lookup main pref 101");
  await run(ns, "ip rule add blackhole from 10.3.0.0/16 pref 102");
  await run(ns, "ip rule add uidrange 5-6 lookup 7 suppress_prefixlength 3 pref 103");
  await run(ns, "ip -6 rule add from fd00::/64 lookup 70000 pref 100");
  await assertSame(ns);
});

inNamespace("a rule that was read can be removed and added again as it is", async (ns) => {
  await Promise.all(rules.map((rule) => ns.rule.add(rule)));
  const before = await ns.rule.list();
  for (const rule of before) await ns.rule.del(rule);
  assert.deepEqual(await ns.rule.list(), []);
  for (const rule of before) await ns.rule.add(rule);
  // Where a rule goes on to is known once that other rule is there.
  const after = await ns.rule.list();
  const settled = (list: Rule[]) => list.map(({ flags: _flags, ...rest }) => rest);
  assert.deepEqual(settled(after), settled(before));
});

inNamespace("the same rule is not added twice", async (ns) => {
  await ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 });
  await assert.rejects(ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 }), {
    code: "EEXIST",
    op: "rule add priority 100",
  });
  assert.equal((await ns.rule.list({ priority: 100 })).length, 1);
  await ns.rule.del({ priority: 100 });
  await assert.rejects(ns.rule.del({ priority: 100 }), { code: "ENOENT" });
});

inNamespace("lists are filtered by all that a filter names", async (ns) => {
  await Promise.all(rules.map((rule) => ns.rule.add(rule)));
  assert.equal((await ns.rule.list({ table: 1000 })).length, 1);
  assert.equal((await ns.rule.list({ priority: 100 })).length, 2);
  assert.equal((await ns.rule.list({ priority: 100, family: "inet6" })).length, 1);
  assert.deepEqual((await ns.rule.list({ action: "goto" })).map(({ goto }) => goto), [104]);
  const iterated: Rule[] = [];
  for await (const rule of ns.rule.dump({ family: "inet" })) iterated.push(rule);
  assert.deepEqual(iterated, await ns.rule.list({ family: "inet" }));
});

test("bad options are refused before anything is sent, by name and value", async () => {
  const { netlink: { rule }, sent } = fakeNetlink();
  const bad: [options: object, error: RegExp][] = [
    [{ from: "10.0.0.0/40" }, /^TypeError: options\.from must .*"10\.0\.0\.0\/40"$/],
    [{ from: "10.0.0.0/8", to: "fd00::/8" }, /^RangeError: options\.to must be of the family inet/],
    [{ action: "drop" }, /^TypeError: options\.action must be one of .*"drop"$/],
    [{ table: "all" }, /^TypeError: options\.table must be one of .*"all"$/],
    [{ sport: [9, 5] }, /^RangeError: options\.sport\[1\] must be an integer from 9 .* 5$/],
    [{ dport: "80" }, /^TypeError: options\.dport must be a number, or .*"80"$/],
    [{ priority: -1 }, /^RangeError: options\.priority must be .*-1$/],
    [{ not: "yes" }, /^TypeError: options\.not must be a boolean.*"yes"$/],
    [{ iif: "a/b" }, /^RangeError: options\.iif must be .*"a\/b"$/],
    [{ lookup: 7 }, /^TypeError: options\.lookup is not an option: the options are .*priority/],
  ];
  for (const [options, error] of bad) await assert.rejects(rule.add(options as RuleAdd), error);
  await assert.rejects(
    rule.list({ priority: 0.5 }),
    /^RangeError: filter\.priority must be .*0\.5$/,
  );
  assert.deepEqual(sent(), []);
});
