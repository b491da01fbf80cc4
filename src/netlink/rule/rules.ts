/**
 * `ip rule`: adds, removes and lists the rules of policy routing.
 *
 * @module
 */

import { checkInteger, checkOptions } from "../../check.ts";
import { wordNumber, wordsByNumber } from "../codec/values.ts";
import { FR_ACT } from "../constants/fib_rules.ts";
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from "../constants/netlink.ts";
import { RTM_DELRULE, RTM_GETRULE, RTM_NEWRULE } from "../constants/rtnetlink.ts";
import { checkFamily, type Family, familyNumber } from "../family.ts";
import type { DisposableIterator } from "../../disposable_iterator.ts";
import type { Netlink } from "../netlink.ts";
import type { Query } from "../request.ts";
import { snapshot } from "../snapshot.ts";
import { type RoutingTable, tableNumber, tableWord } from "../routing_table.ts";
import type { Rule, RuleAction, RuleAdd, RuleDel } from "./rule.ts";
import { FIB_RULE_HDR_LENGTH, readRule, ruleAttributePath, writeRule } from "./rule_message.ts";

/** Which rules {@linkcode Rules.list} tells. */
export interface RuleFilter {
  /** Those of this family. */
  family?: Family | undefined;
  /** Those that look up this table. */
  table?: RoutingTable | undefined;
  /** Those of this priority. */
  priority?: number | undefined;
  /** Those that do this. */
  action?: RuleAction | undefined;
}

const actionWord = wordsByNumber(FR_ACT);

/** The rules of policy routing of one network namespace: which table is looked up for what. */
export class Rules {
  readonly #netlink: Netlink;

  /** Made by the handle. */
  constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  /**
   * Adds a rule: `ip rule add`. Needs CAP_NET_ADMIN in the namespace.
   *
   * @param options What it matches, and what is done then.
   * @throws {NetNSError} `EEXIST` when there is the very same.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 });
   * await ns.rule.add({ fwmark: 0x1, fwmask: 0xff, dport: [8000, 8999], ipproto: "tcp", table: 7 });
   * await ns.rule.add({ to: "fd00:bad::/32", action: "prohibit" });
   * await ns.close();
   * ```
   *
   * @see ip-rule(8)
   */
  async add(options: RuleAdd): Promise<void> {
    await this.#request("add", RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, options);
  }

  /**
   * Removes the first rule that has what is told of it: `ip rule del`. Needs CAP_NET_ADMIN in the
   * namespace.
   *
   * @param options As much of the rule as tells it from others.
   * @throws {NetNSError} `ENOENT` when there is no such rule.
   * @throws {TypeError | RangeError} An option that is not valid.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * await ns.rule.add({ from: "10.1.0.0/16", table: 1000, priority: 100 });
   * await ns.rule.del({ priority: 100 });
   * await ns.close();
   * ```
   *
   * @see ip-rule(8)
   */
  async del(options: RuleDel): Promise<void> {
    await this.#request("del", RTM_DELRULE, 0, options);
  }

  /**
   * Lists rules in the order in which they are gone through: `ip rule show`.
   *
   * @param filter Those of one family, table, priority or action only.
   * @returns The rules of IPv4, then those of IPv6; each can be given to the other methods as it is.
   * @throws {NetNSError} `ERR_NETNS_DUMP_INTERRUPTED` when rules change all the time.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   * import assert from "node:assert/strict";
   *
   * const ns = NetNS.create();
   * const rules = await ns.rule.list({ family: "inet" });
   * assert.deepEqual(rules.map(({ table }) => table), ["local", "main", "default"]);
   * await ns.close();
   * ```
   *
   * @see ip-rule(8)
   */
  async list(filter: RuleFilter = {}): Promise<Rule[]> {
    return await this.#netlink.connection.dump(this.#listing(filter));
  }

  /**
   * Lists rules as {@linkcode Rules.list} does, one after the other. It does not start anew when they
   * change meanwhile.
   *
   * @param filter Those of one family, table, priority or action only.
   * @returns An iterator. It may be left before its end.
   * @throws {NetNSError} At its end: `ERR_NETNS_DUMP_INTERRUPTED` when rules changed meanwhile.
   *
   * @example
   * ```ts
   * import { NetNS } from "@netns/netns";
   *
   * const ns = NetNS.create();
   * for await (const { priority, table } of ns.rule.dump()) console.log(priority, table);
   * await ns.close();
   * ```
   */
  dump(filter: RuleFilter = {}): DisposableIterator<Rule> {
    return this.#netlink.iterate(() => this.#listing(filter));
  }

  async #request(verb: string, type: number, flags: number, options: RuleDel): Promise<void> {
    options = snapshot(options);
    const message = this.#netlink.message(
      type,
      NLM_F_REQUEST | flags,
      (writer) => writeRule(writer, options, type === RTM_DELRULE),
    );
    const { priority } = options;
    await this.#netlink.connection.request({
      message,
      op: `rule ${verb}${priority === undefined ? "" : ` priority ${priority}`}`,
      describe: ruleAttributePath,
    });
  }

  #listing(filter: RuleFilter): Query<Rule> {
    filter = snapshot(filter);
    checkOptions("filter", filter, ["family", "table", "priority", "action"]);
    const { family, priority } = filter;
    checkFamily("filter.family", family);
    if (priority !== undefined) checkInteger("filter.priority", priority, 0, 0xffffffff);
    const table = filter.table === undefined
      ? undefined
      : tableWord(tableNumber(filter.table, "filter.table"));
    const action = filter.action === undefined
      ? undefined
      : actionWord(wordNumber(FR_ACT, filter.action, "filter.action", 255));
    const message = this.#netlink.message(RTM_GETRULE, NLM_F_REQUEST, (writer) => {
      writer.u8(familyNumber(family)).bytes(new Uint8Array(FIB_RULE_HDR_LENGTH - 1));
    });
    return {
      message,
      op: "rule list",
      read: (reader, _type, start, end) => {
        const rule = readRule(reader, start, end);
        if (rule === undefined) return undefined;
        if (family !== undefined && rule.family !== family) return undefined;
        if (table !== undefined && rule.table !== table) return undefined;
        if (priority !== undefined && rule.priority !== priority) return undefined;
        return action === undefined || rule.action === action ? rule : undefined;
      },
    };
  }
}
