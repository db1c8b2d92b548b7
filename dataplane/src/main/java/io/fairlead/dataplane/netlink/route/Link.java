package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A network device as the kernel describes it.
 *
 * @param index the device's number in its namespace, from 1
 * @param mac null if the link-layer address is not a MAC address
 * @param mtu largest IP packet, in bytes
 * @param flags IFF_ constants of linux/if.h
 * @param masterIndex the bridge (or bond) it is a port of, or 0
 * @param parentIndex the link it is stacked on, for a veth the other end (IFLA_LINK), or 0
 * @param parentNamespace the number by which this namespace knows the one that {@code parentIndex}
 *     belongs to (IFLA_LINK_NETNSID), or -1 if it is this one
 * @param alias free text, empty if none
 */
public record Link(
    int index,
    String name,
    @Nullable MacAddress mac,
    int mtu,
    int flags,
    int masterIndex,
    int parentIndex,
    int parentNamespace,
    String alias,
    LinkKind kind)
    implements RouteObject {

  /** Whether the link is administratively up. */
  public boolean isUp() {
    return (flags & RouteConstants.IFF_UP) != 0;
  }

  /** Whether it is up and has a carrier. */
  public boolean isRunning() {
    return isUp() && (flags & RouteConstants.IFF_LOWER_UP) != 0;
  }

  @Override
  public String toString() {
    return "link "
        + index
        + " "
        + name
        + (isUp() ? " up" : " down")
        + " mtu "
        + mtu
        + (mac == null ? "" : " mac " + mac)
        + (masterIndex == 0 ? "" : " master " + masterIndex)
        + (alias.isEmpty() ? "" : " alias \"" + alias + "\"")
        + " type "
        + kind;
  }
}
