package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the base table needs to know of the node and the cluster. Any list may be empty, and either
 * family absent.
 *
 * @param podCidrs where this node's pods have their addresses
 * @param clusterCidrs where any node's pods have theirs
 * @param unmasqueradedCidrs other networks that know the pods' own addresses
 * @param masquerade whether the pods of this node are masqueraded everywhere else; if not, every
 *     network knows their own addresses
 * @param masqueradeRandomly whether source ports are drawn at random then
 * @param tunnel what carries pods' packets between nodes; null if nothing does
 */
public record NodeNetwork(
    List<Cidr> podCidrs,
    List<Cidr> clusterCidrs,
    List<Cidr> unmasqueradedCidrs,
    boolean masquerade,
    boolean masqueradeRandomly,
    @Nullable TunnelPackets tunnel) {

  /**
   * Multicast (RFC 5771, RFC 4291), link-local addresses (RFC 3927, RFC 4291) and the limited
   * broadcast (RFC 919): whoever is meant by them is on the link, and knows the pods' addresses.
   */
  private static final List<Cidr> NEVER_ROUTED =
      List.of(
          Cidr.parse("224.0.0.0/4"),
          Cidr.parse("169.254.0.0/16"),
          Cidr.parse("255.255.255.255/32"),
          Cidr.parse("ff00::/8"),
          Cidr.parse("fe80::/10"));

  public NodeNetwork {
    podCidrs = List.copyOf(podCidrs);
    clusterCidrs = List.copyOf(clusterCidrs);
    unmasqueradedCidrs = List.copyOf(unmasqueradedCidrs);
  }

  /** With pods masqueraded, from ports drawn at random, and without a tunnel. */
  public NodeNetwork(List<Cidr> podCidrs, List<Cidr> clusterCidrs, List<Cidr> unmasqueradedCidrs) {
    this(podCidrs, clusterCidrs, unmasqueradedCidrs, true, true, null);
  }

  /** Whether a pod of this node may have the address. */
  boolean isLocal(IpAddress address) {
    for (Cidr cidr : podCidrs) {
      if (cidr.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Where any node's pods have their addresses, this node's among them. */
  public List<Cidr> clusterPods() {
    return Stream.concat(podCidrs.stream(), clusterCidrs.stream()).distinct().toList();
  }

  List<Cidr> local(AddressFamily family) {
    return disjoint(family, podCidrs);
  }

  List<Cidr> cluster(AddressFamily family) {
    return disjoint(family, podCidrs, clusterCidrs);
  }

  List<Cidr> unmasqueraded(AddressFamily family) {
    return disjoint(family, podCidrs, clusterCidrs, unmasqueradedCidrs, NEVER_ROUTED);
  }

  /** The networks of a family in order, without those inside another. */
  @SafeVarargs
  static List<Cidr> disjoint(AddressFamily family, List<Cidr>... lists) {
    List<Cidr> sorted = new ArrayList<>();
    for (List<Cidr> list : lists) {
      list.stream().filter(cidr -> cidr.family() == family).forEach(sorted::add);
    }
    // In order, a network comes before those inside it.
    sorted.sort(null);
    List<Cidr> result = new ArrayList<>();
    for (Cidr cidr : sorted) {
      if (result.isEmpty() || !result.getLast().contains(cidr)) {
        result.add(cidr);
      }
    }
    return result;
  }
}
