package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The networks of cluster IPs without the addresses that this node itself has there. */
final class ServiceNetworks {

  private ServiceNetworks() {}

  /** What is left of networks without some addresses, in as few prefixes as that takes. */
  static List<Cidr> without(Collection<IpAddress> own, List<Cidr> networks) {
    List<Cidr> left = new ArrayList<>(Cidr.disjoint(networks));
    for (IpAddress address : own) {
      for (Cidr network : List.copyOf(left)) {
        if (network.contains(address)) {
          left.remove(network);
          addSiblings(address, network, left);
        }
      }
    }
    return Cidr.disjoint(left);
  }

  /** At each length the prefix that has not the address. */
  private static void addSiblings(IpAddress address, Cidr network, List<Cidr> into) {
    for (int bit = network.prefixLength(); bit < network.family().bitLength(); bit++) {
      byte[] sibling = address.bytes();
      sibling[bit / Byte.SIZE] ^= (byte) (0x80 >>> bit % Byte.SIZE);
      into.add(new Cidr(IpAddress.of(sibling), bit + 1));
    }
  }
}
