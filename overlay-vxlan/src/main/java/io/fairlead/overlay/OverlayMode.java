package io.fairlead.overlay;

/** How packets reach the pods of other nodes. */
public enum OverlayMode {
  /** Inside UDP, so that the network between the nodes need not know pods. */
  VXLAN,
  /** Plainly, with the peer node as the gateway; all nodes must share a link. */
  HOST_GW,
  /** Somebody else sees to it. */
  NONE
}
