package io.fairlead.agent.source;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import org.jspecify.annotations.Nullable;

/**
 * What this node tells the others of its end of the tunnel.
 *
 * @param mac of its VXLAN device
 * @param flannel what nodes that run flannel are to read, but the address, which is the Node's IPv4
 *     InternalIP; null if they are told nothing
 */
public record VtepAnnouncement(MacAddress mac, @Nullable FlannelNode flannel) {

  /** What the Node is to tell flannel: null if nothing, or as long as it has no IPv4 address. */
  public @Nullable FlannelNode flannel(NodeRecord node) {
    FlannelNode told = flannel;
    IpAddress address = node.address(AddressFamily.IPV4);
    return told == null || address == null
        ? null
        : new FlannelNode(told.backend(), told.vni(), told.vtepMac(), address, told.managed());
  }
}
