/**
 * Constants of linux/neighbour.h.
 *
 * @module
 */

/** The family of messages about bridges. */
export const AF_BRIDGE = 7;

export const NDA = {
  NDA_DST: 1,
  NDA_LLADDR: 2,
  NDA_CACHEINFO: 3,
  NDA_PROBES: 4,
  NDA_VLAN: 5,
  NDA_PORT: 6,
  NDA_VNI: 7,
  NDA_IFINDEX: 8,
  NDA_MASTER: 9,
  NDA_LINK_NETNSID: 10,
  NDA_SRC_VNI: 11,
  NDA_PROTOCOL: 12,
  NDA_NH_ID: 13,
  NDA_FDB_EXT_ATTRS: 14,
  NDA_FLAGS_EXT: 15,
  NDA_NDM_STATE_MASK: 16,
  NDA_NDM_FLAGS_MASK: 17,
} as const;

/** `NTF_*` without the prefix. */
export const NTF = {
  USE: 0x01,
  SELF: 0x02,
  MASTER: 0x04,
  PROXY: 0x08,
  EXT_LEARNED: 0x10,
  OFFLOADED: 0x20,
  STICKY: 0x40,
  ROUTER: 0x80,
} as const;

/** `NTF_EXT_*` without the prefix: bits of `NDA_FLAGS_EXT`. */
export const NTF_EXT = { MANAGED: 0x1, LOCKED: 0x2, EXT_VALIDATED: 0x4 } as const;

/** `NUD_*` in the words of iproute2. */
export const NUD = {
  none: 0x00,
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80,
} as const;
