package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where frames to a MAC address go: behind which bridge port, or to which tunnel endpoint of a
 * VXLAN device.
 *
 * @param linkIndex the bridge port, bridge or VXLAN device
 * @param destination the remote tunnel endpoint, or null for a bridge
 * @param state NUD_ constants
 * @param flags NTF_ constants of linux/neighbour.h
 * @param vlan 0 for none
 */
public record ForwardingEntry(
    int linkIndex, MacAddress mac, @Nullable IpAddress destination, int state, int flags, int vlan)
    implements RouteEntry {

  /** NTF_SELF: the entry is the device's own, as with VXLAN. */
  public static final int SELF = 0x02;

  /** NTF_MASTER: the entry is the bridge's whose port the device is. */
  public static final int MASTER = 0x04;

  /** Frames to {@code mac} are sent by the VXLAN device to the endpoint {@code destination}. */
  public static ForwardingEntry vxlan(int linkIndex, MacAddress mac, IpAddress destination) {
    return new ForwardingEntry(linkIndex, mac, destination, Neighbour.STATE_PERMANENT, SELF, 0);
  }

  /** Frames to {@code mac} leave the bridge through the port, and this never expires. */
  public static ForwardingEntry bridgePort(int linkIndex, MacAddress mac) {
    // NUD_NOARP is what "static" is to the bridge; a permanent entry is one of its own addresses.
    return new ForwardingEntry(linkIndex, mac, null, Neighbour.STATE_NOARP, MASTER, 0);
  }

  /** Whether the other is about the same address on the same link. */
  public boolean isSamePlace(ForwardingEntry other) {
    return linkIndex == other.linkIndex && vlan == other.vlan && mac.equals(other.mac);
  }

  @Override
  public String toString() {
    return "forwarding "
        + mac
        + " dev "
        + linkIndex
        + (destination == null ? "" : " to " + destination)
        + (vlan == 0 ? "" : " vlan " + vlan)
        + ((flags & SELF) == 0 ? "" : " self")
        + ((flags & MASTER) == 0 ? "" : " master")
        + (state == Neighbour.STATE_PERMANENT
            ? " permanent"
            : " state 0x" + Integer.toHexString(state));
  }
}
