/**
 * Constants of linux/fib_rules.h.
 *
 * @module
 */

export const FRA = {
  FRA_DST: 1,
  FRA_SRC: 2,
  FRA_IIFNAME: 3,
  FRA_GOTO: 4,
  FRA_PRIORITY: 6,
  FRA_FWMARK: 10,
  FRA_FLOW: 11,
  FRA_TUN_ID: 12,
  FRA_SUPPRESS_IFGROUP: 13,
  FRA_SUPPRESS_PREFIXLEN: 14,
  FRA_TABLE: 15,
  FRA_FWMASK: 16,
  FRA_OIFNAME: 17,
  FRA_PAD: 18,
  FRA_L3MDEV: 19,
  FRA_UID_RANGE: 20,
  FRA_PROTOCOL: 21,
  FRA_IP_PROTO: 22,
  FRA_SPORT_RANGE: 23,
  FRA_DPORT_RANGE: 24,
  FRA_DSCP: 25,
  FRA_FLOWLABEL: 26,
  FRA_FLOWLABEL_MASK: 27,
  FRA_SPORT_MASK: 28,
  FRA_DPORT_MASK: 29,
  FRA_DSCP_MASK: 30,
} as const;

/** `FR_ACT_*` in the words of iproute2. */
export const FR_ACT = {
  lookup: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

/** `FIB_RULE_*` without the prefix. */
export const FIB_RULE = {
  PERMANENT: 0x1,
  INVERT: 0x2,
  UNRESOLVED: 0x4,
  IIF_DETACHED: 0x8,
  OIF_DETACHED: 0x10,
} as const;
