/**
 * A VLAN of a bridge or of one of its ports, as it is described and as it is read.
 *
 * @module
 */

/** One VLAN, or several with consecutive numbers, of one link. */
export interface BridgeVlan {
  /** The port, or the bridge with `self`, by name or index; the name as it is read. */
  dev: string | number;
  /** The number of the VLAN, 1 to 4094; of a range, the first. */
  vid: number;
  /** The last number of a range. */
  vidEnd?: number | undefined;
  /** Whether untagged frames that come in belong to it; not with a range. */
  pvid?: boolean | undefined;
  /** Whether its frames go out without a tag. */
  untagged?: boolean | undefined;
  /** For the bridge itself as a host of the VLAN; for a port, where its driver is a switch. */
  self?: boolean | undefined;
}
