/**
 * Constants of linux/netlink.h.
 *
 * @module
 */

export const SOL_NETLINK = 270;
export const NETLINK_CAP_ACK = 10;
export const NETLINK_EXT_ACK = 11;
export const NETLINK_GET_STRICT_CHK = 12;

export const NLMSG_NOOP = 0x1;
export const NLMSG_ERROR = 0x2;
export const NLMSG_DONE = 0x3;
export const NLMSG_OVERRUN = 0x4;
/** Types below are those of the protocol itself. */
export const NLMSG_MIN_TYPE = 0x10;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_MULTI = 0x2;
export const NLM_F_ACK = 0x4;
export const NLM_F_ECHO = 0x8;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP_FILTERED = 0x20;

/** Of requests that get. */
export const NLM_F_ROOT = 0x100;
export const NLM_F_MATCH = 0x200;
export const NLM_F_DUMP = 0x300;

/** Of requests that make. */
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

/** Of acknowledgements. */
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

export const NLMSGERR_ATTR_MSG = 1;
export const NLMSGERR_ATTR_OFFS = 2;
export const NLMSGERR_ATTR_COOKIE = 3;
export const NLMSGERR_ATTR_POLICY = 4;
export const NLMSGERR_ATTR_MISS_TYPE = 5;
export const NLMSGERR_ATTR_MISS_NEST = 6;

/** What remains of an attribute's type without `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER`. */
export const NLA_TYPE_MASK = 0x3fff;

export const NL_POLICY_TYPE_ATTR = {
  NL_POLICY_TYPE_ATTR_TYPE: 1,
  NL_POLICY_TYPE_ATTR_MIN_VALUE_S: 2,
  NL_POLICY_TYPE_ATTR_MAX_VALUE_S: 3,
  NL_POLICY_TYPE_ATTR_MIN_VALUE_U: 4,
  NL_POLICY_TYPE_ATTR_MAX_VALUE_U: 5,
  NL_POLICY_TYPE_ATTR_MIN_LENGTH: 6,
  NL_POLICY_TYPE_ATTR_MAX_LENGTH: 7,
  NL_POLICY_TYPE_ATTR_POLICY_IDX: 8,
  NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE: 9,
  NL_POLICY_TYPE_ATTR_BITFIELD32_MASK: 10,
  NL_POLICY_TYPE_ATTR_PAD: 11,
  NL_POLICY_TYPE_ATTR_MASK: 12,
} as const;

/** `NL_ATTR_TYPE_*` without the prefix, by number. */
export const NL_ATTR_TYPE = [
  "INVALID",
  "FLAG",
  "U8",
  "U16",
  "U32",
  "U64",
  "S8",
  "S16",
  "S32",
  "S64",
  "BINARY",
  "STRING",
  "NUL_STRING",
  "NESTED",
  "NESTED_ARRAY",
  "BITFIELD32",
  "SINT",
  "UINT",
] as const;
