package io.fairlead.overlay;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer takes packets for its pods.
 *
 * @param flannel what a peer that runs flannel tells of itself; null if it runs fairlead, or tells
 *     nothing
 */
record PeerEndpoint(NodeRecord node, @Nullable FlannelNode flannel) {

  /** A peer that publishes a VTEP in fairlead's own annotation runs fairlead. */
  static PeerEndpoint of(NodeRecord node) {
    return new PeerEndpoint(node, node.vtepMac() == null ? node.flannel() : null);
  }

  /** Whether its pods can be reached without a tunnel only. */
  boolean refusesTunnel() {
    return flannel != null && !flannel.backend().equals(FlannelNode.VXLAN);
  }

  /** Whether its flannel routes plainly, and so can be reached plainly. */
  boolean isGateway() {
    return flannel != null && flannel.backend().equals(FlannelNode.HOST_GATEWAY);
  }

  /** Its address for other nodes, or null if it has none of the family. */
  @Nullable IpAddress address(AddressFamily family) {
    FlannelNode told = flannel;
    IpAddress preferred = told == null ? null : told.publicAddress();
    return preferred != null && preferred.family() == family ? preferred : node.address(family);
  }

  /**
   * The MAC address of its VXLAN device, or null if it cannot be known.
   *
   * @param vni of this node's device
   * @param problems told of what is wrong with the peer
   */
  @Nullable MacAddress mac(int vni, Consumer<String> problems) {
    FlannelNode told = flannel;
    if (told != null) {
      return flannelMac(told, vni, problems);
    }
    MacAddress published = node.vtepMac();
    if (published == null) {
      return VtepAddress.mac(node.name());
    }
    if (!VtepAddress.isUnicast(published)) {
      problems.accept(
          "its VTEP MAC annotation " + published + " is not a unicast address and is ignored");
      return VtepAddress.mac(node.name());
    }
    return published;
  }

  private static @Nullable MacAddress flannelMac(
      FlannelNode told, int vni, Consumer<String> problems) {
    MacAddress mac = told.vtepMac();
    if (mac == null || !VtepAddress.isUnicast(mac)) {
      problems.accept(
          "its flannel tells no VtepMAC that packets can be sent to, in the annotation"
              + " flannel.alpha.coreos.com/backend-data; restart flannel there, or run fairlead");
      return null;
    }
    if (told.vni() != vni) {
      problems.accept(
          "its flannel uses VNI "
              + told.vni()
              + " and this node "
              + vni
              + ", so neither hears the other; set vxlan-vni: "
              + told.vni()
              + " here");
      return null;
    }
    return mac;
  }
}
