package io.fairlead.overlay;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network between the nodes, as this node is attached to it.
 *
 * @param paths for each family in which this node has an address that one of its links carries
 * @param tunnelFamily the family of the node's first address, which tunnel packets use; null if the
 *     node has none
 */
record Underlay(Map<AddressFamily, Path> paths, @Nullable AddressFamily tunnelFamily) {

  Underlay {
    paths = Map.copyOf(paths);
  }

  /**
   * The way to other nodes in one family.
   *
   * @param address this node's own
   * @param mtu of the link, in bytes
   * @param prefixes whose addresses are on the link itself
   */
  record Path(IpAddress address, int linkIndex, String linkName, int mtu, List<Cidr> prefixes) {

    boolean reaches(IpAddress peer) {
      return prefixes.stream().anyMatch(prefix -> prefix.contains(peer));
    }
  }

  /** The path of the family, or null if there is none. */
  @Nullable Path path(AddressFamily family) {
    return paths.get(family);
  }

  /** The path that tunnel packets take, or null if there is none. */
  @Nullable Path tunnelPath() {
    return tunnelFamily == null ? null : paths.get(tunnelFamily);
  }

  static Underlay of(NodeRecord self, List<Link> links, List<LinkAddress> addresses) {
    Map<AddressFamily, Path> paths = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress own = self.address(family);
      Link link = own == null ? null : carrier(own, links, addresses);
      if (own != null && link != null) {
        paths.put(
            family,
            new Path(
                own, link.index(), link.name(), link.mtu(), prefixes(family, link, addresses)));
      }
    }
    AddressFamily first = self.addresses().isEmpty() ? null : self.addresses().getFirst().family();
    return new Underlay(paths, first);
  }

  private static @Nullable Link carrier(
      IpAddress own, List<Link> links, List<LinkAddress> addresses) {
    for (LinkAddress address : addresses) {
      for (Link link : links) {
        if (address.address().equals(own) && link.index() == address.linkIndex()) {
          return link;
        }
      }
    }
    return null;
  }

  private static List<Cidr> prefixes(AddressFamily family, Link link, List<LinkAddress> addresses) {
    List<Cidr> prefixes = new ArrayList<>();
    for (LinkAddress address : addresses) {
      if (address.linkIndex() == link.index() && address.address().family() == family) {
        prefixes.add(new Cidr(address.address(), address.prefixLength()));
      }
    }
    return List.copyOf(prefixes);
  }
}
