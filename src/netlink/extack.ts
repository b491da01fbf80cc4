/**
 * What the kernel says about a failed request besides an errno: `NLMSGERR_ATTR_*`.
 *
 * @module
 */

import type { MessageReader } from "./codec/message_reader.ts";
import { NLMSG_HDRLEN } from "./codec/message_writer.ts";
import { visitAttributes } from "./codec/visit_attributes.ts";
import {
  NL_ATTR_TYPE,
  NL_POLICY_TYPE_ATTR,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSGERR_ATTR_MISS_NEST,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
  NLMSGERR_ATTR_POLICY,
} from "./constants/netlink.ts";

/** What the kernel accepts in an attribute. */
export interface AttributePolicy {
  /** `NL_ATTR_TYPE_*` without the prefix: `U32`, `NUL_STRING`. */
  type?: string;
  /** Smallest number. */
  minValue?: number | bigint;
  /** Largest number. */
  maxValue?: number | bigint;
  /** Fewest bytes. */
  minLength?: number;
  /** Most bytes. */
  maxLength?: number;
  /** Bits that may be set. */
  mask?: number | bigint;
}

/** What the kernel says about a request that it refused: its extended acknowledgement. */
export interface Extack {
  /** In its words. */
  message?: string;
  /** The attribute that is wrong: `IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VXLAN_ID`. */
  attribute?: string;
  /** Where that attribute is, in bytes from the start of the message. */
  offset?: number;
  /** What that attribute must be. */
  policy?: AttributePolicy;
  /** The type of an attribute that is needed, and the attribute in which it is. */
  missing?: { type: number; nest?: string };
}

/** Where the attributes begin in the payload of an `NLMSG_ERROR` or `NLMSG_DONE`. */
export function extackStart(
  reader: MessageReader,
  type: number,
  flags: number,
  start: number,
  end: number,
): number {
  if ((flags & NLM_F_ACK_TLVS) === 0) return end;
  if (type === NLMSG_DONE) return start + 4;
  // The request follows: its header alone, or all of it.
  if (end - start < 4 + NLMSG_HDRLEN) return end;
  if ((flags & NLM_F_CAPPED) !== 0) return start + 4 + NLMSG_HDRLEN;
  const length = reader.u32(start + 4);
  return length <= end - start - 4 ? start + 4 + ((length + 3) & ~3) : end;
}

/**
 * Reads `NLMSGERR_ATTR_*`; `undefined` where there are none. Leaves out what is malformed.
 * `describe` names the attribute at an offset of the message that was sent.
 */
export function readExtack(
  reader: MessageReader,
  start: number,
  end: number,
  describe: (offset: number) => string | undefined = () => undefined,
): Extack | undefined {
  const extack: Extack = {};
  let missing: number | undefined;
  let nest: string | undefined;
  visitAttributes(reader, start, end, (type, from, to) => {
    if (type === NLMSGERR_ATTR_MSG) extack.message = reader.text(from, to);
    else if (type === NLMSGERR_ATTR_POLICY) extack.policy = readPolicy(reader, from, to);
    else if (to - from < 4) return;
    else if (type === NLMSGERR_ATTR_OFFS) {
      extack.offset = reader.u32(from);
      put(extack, "attribute", describe(extack.offset));
    } else if (type === NLMSGERR_ATTR_MISS_TYPE) missing = reader.u32(from);
    else if (type === NLMSGERR_ATTR_MISS_NEST) nest = describe(reader.u32(from));
  });
  if (missing !== undefined) {
    extack.missing = { type: missing, ...(nest === undefined ? {} : { nest }) };
  }
  return Object.keys(extack).length === 0 ? undefined : extack;
}

function readPolicy(reader: MessageReader, start: number, end: number): AttributePolicy {
  const policy: AttributePolicy = {};
  visitAttributes(reader, start, end, (type, from, to) => {
    if (to - from < 4) return;
    const integer = reader.u32(from);
    switch (type) {
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_TYPE:
        return put(policy, "type", NL_ATTR_TYPE[integer]);
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MIN_LENGTH:
        return put(policy, "minLength", integer);
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MAX_LENGTH:
        return put(policy, "maxLength", integer);
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_BITFIELD32_MASK:
        return put(policy, "mask", integer);
    }
    if (to - from < 8) return;
    switch (type) {
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
        return put(policy, "minValue", wide(reader, from, true));
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
        return put(policy, "maxValue", wide(reader, from, true));
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
        return put(policy, "minValue", wide(reader, from, false));
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
        return put(policy, "maxValue", wide(reader, from, false));
      case NL_POLICY_TYPE_ATTR.NL_POLICY_TYPE_ATTR_MASK:
        return put(policy, "mask", wide(reader, from, false));
    }
  });
  return policy;
}

/** A 64-bit integer: a bigint where a number would not be exact. */
function wide(reader: MessageReader, start: number, signed: boolean): number | bigint {
  const bits = (BigInt(reader.u32(start + 4)) << 32n) | BigInt(reader.u32(start));
  const value = signed ? BigInt.asIntN(64, bits) : bits;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function put<T, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}
