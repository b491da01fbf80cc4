/**
 * Constants of linux/if_bridge.h.
 *
 * @module
 */

export const IFLA_BRIDGE = {
  IFLA_BRIDGE_FLAGS: 0,
  IFLA_BRIDGE_MODE: 1,
  IFLA_BRIDGE_VLAN_INFO: 2,
  IFLA_BRIDGE_VLAN_TUNNEL_INFO: 3,
} as const;

/** `BRIDGE_FLAGS_*` without the prefix: whether a request is for the bridge or for the link. */
export const BRIDGE_FLAGS = { MASTER: 1, SELF: 2 } as const;

/** `BRIDGE_VLAN_INFO_*` without the prefix. */
export const BRIDGE_VLAN_INFO = {
  PVID: 0x2,
  UNTAGGED: 0x4,
  RANGE_BEGIN: 0x8,
  RANGE_END: 0x10,
} as const;

export const BRIDGE_QUERIER = {
  BRIDGE_QUERIER_IP_ADDRESS: 1,
  BRIDGE_QUERIER_IP_PORT: 2,
  BRIDGE_QUERIER_IP_OTHER_TIMER: 3,
  BRIDGE_QUERIER_PAD: 4,
  BRIDGE_QUERIER_IPV6_ADDRESS: 5,
  BRIDGE_QUERIER_IPV6_PORT: 6,
  BRIDGE_QUERIER_IPV6_OTHER_TIMER: 7,
} as const;
