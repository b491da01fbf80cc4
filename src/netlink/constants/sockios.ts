/**
 * Constants of linux/sockios.h and linux/if.h that netdevice(7) describes.
 *
 * @module
 */

export const SIOCGIFNAME = 0x8910;

/** Bytes of a name with its NUL. */
export const IFNAMSIZ = 16;
