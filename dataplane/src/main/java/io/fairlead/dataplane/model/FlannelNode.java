package io.fairlead.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * What a Node tells flannel of itself (annotations flannel.alpha.coreos.com/*, for IPv4).
 *
 * @param backend flannel's word for how packets reach the node's pods: "vxlan", "host-gw" or
 *     another
 * @param vni the VXLAN network identifier, 0 if none is told
 * @param vtepMac the MAC address of the node's VXLAN device, or null if none is told
 * @param publicAddress where other nodes reach this one, or null if that is not told
 * @param managed whether flannel is to read all this from the Node (kube-subnet-manager)
 */
public record FlannelNode(
    String backend,
    int vni,
    @Nullable MacAddress vtepMac,
    @Nullable IpAddress publicAddress,
    boolean managed) {

  /** Flannel's name of the backend that tunnels packets in UDP. */
  public static final String VXLAN = "vxlan";

  /** Flannel's name of the backend that routes packets plainly. */
  public static final String HOST_GATEWAY = "host-gw";
}
