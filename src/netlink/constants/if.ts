/**
 * Constants of linux/if.h and linux/if_arp.h.
 *
 * @module
 */

export const IFF_UP = 0x1;
export const IFF_PROMISC = 0x100;
export const IFF_NOARP = 0x80;
export const IFF_ALLMULTI = 0x200;
export const IFF_MULTICAST = 0x1000;
export const IFF_DYNAMIC = 0x8000;

/** `IFF_*` without the prefix, by bit. */
export const IFF = {
  UP: 0x1,
  BROADCAST: 0x2,
  DEBUG: 0x4,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  NOTRAILERS: 0x20,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MASTER: 0x400,
  SLAVE: 0x800,
  MULTICAST: 0x1000,
  PORTSEL: 0x2000,
  AUTOMEDIA: 0x4000,
  DYNAMIC: 0x8000,
  LOWER_UP: 0x10000,
  DORMANT: 0x20000,
  ECHO: 0x40000,
} as const;

/** `IF_OPER_*`, as operstate words. */
export const IF_OPER = {
  unknown: 0,
  notpresent: 1,
  down: 2,
  lowerlayerdown: 3,
  testing: 4,
  dormant: 5,
  up: 6,
} as const;

/** `ARPHRD_*`, in the words of iproute2. */
export const ARPHRD = {
  ether: 1,
  infiniband: 32,
  ppp: 512,
  tunnel: 768,
  tunnel6: 769,
  loopback: 772,
  sit: 776,
  ipgre: 778,
  ip6gre: 823,
  netlink: 824,
  none: 0xfffe,
} as const;
