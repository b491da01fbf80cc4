/**
 * Constants of linux/net_namespace.h.
 *
 * @module
 */

export const NETNSA = {
  NETNSA_NSID: 1,
  NETNSA_PID: 2,
  NETNSA_FD: 3,
  NETNSA_TARGET_NSID: 4,
  NETNSA_CURRENT_NSID: 5,
} as const;

/** The length of `struct rtgenmsg` with its padding. */
export const RTGENMSG_LENGTH = 4;

/** What `NETNSA_NSID` is where there is none, and where the kernel is to choose one. */
export const NETNSA_NSID_NOT_ASSIGNED = -1;
