/**
 * Kinds of links that have no options.
 *
 * @module
 */

/** A link that drops what is sent through it; addresses can be put on it. */
export interface Dummy {
  kind: "dummy";
}

/** An intermediate functional block: what is redirected to it passes its queueing discipline. */
export interface Ifb {
  kind: "ifb";
}

/** A WireGuard tunnel. Its keys and peers are set with wg(8). */
export interface Wireguard {
  kind: "wireguard";
}
