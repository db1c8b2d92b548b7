package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which MAC address an IP address on a link has (ARP and ND).
 *
 * @param mac null while it is unknown
 * @param state NUD_ constants of linux/neighbour.h
 * @param protocol who made it (NDA_PROTOCOL), numbered as for routes; 0 if the kernel learned it
 */
public record Neighbour(
    int linkIndex, IpAddress address, @Nullable MacAddress mac, int state, int protocol)
    implements RouteEntry {

  public static final int STATE_REACHABLE = 0x02;
  public static final int STATE_FAILED = 0x20;
  public static final int STATE_NOARP = 0x40;
  public static final int STATE_PERMANENT = 0x80;

  /** An entry of fairlead's that never expires. */
  public static Neighbour permanent(int linkIndex, IpAddress address, MacAddress mac) {
    return new Neighbour(linkIndex, address, mac, STATE_PERMANENT, Route.PROTOCOL_FAIRLEAD);
  }

  /** Whether the other is about the same address on the same link. */
  public boolean isSamePlace(Neighbour other) {
    return linkIndex == other.linkIndex && address.equals(other.address);
  }

  @Override
  public String toString() {
    return "neighbour "
        + address
        + " dev "
        + linkIndex
        + (mac == null ? "" : " mac " + mac)
        + (state == STATE_PERMANENT ? " permanent" : " state 0x" + Integer.toHexString(state))
        + (protocol == 0 ? "" : " proto " + protocol);
  }
}
