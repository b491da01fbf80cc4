/**
 * `RT_SCOPE_*` in the words of iproute2.
 *
 * @module
 */

/** How far an address or a route reaches. */
export type Scope = "global" | "site" | "link" | "host" | "nowhere" | number;

/** Numbers of the scopes. */
export const RT_SCOPE = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;
