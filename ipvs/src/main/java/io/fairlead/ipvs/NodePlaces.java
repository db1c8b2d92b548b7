package io.fairlead.ipvs;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.InterfaceAddresses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The node's own addresses at one moment.
 *
 * @param held all that its interfaces have
 * @param serving those of them that serve node ports
 */
record NodePlaces(Set<IpAddress> held, Set<IpAddress> serving) {

  static final NodePlaces NONE = new NodePlaces(Set.of(), Set.of());

  NodePlaces {
    held = Set.copyOf(held);
    serving = Set.copyOf(serving);
  }

  /** Chooses those that serve node ports. */
  static NodePlaces of(InterfaceAddresses addresses, ServiceSettings settings) {
    Set<IpAddress> serving = new HashSet<>();
    for (IpAddress address : addresses.usable()) {
      List<Cidr> networks = settings.nodePortAddresses(address.family());
      if (networks.isEmpty() || networks.stream().anyMatch(one -> one.contains(address))) {
        serving.add(address);
      }
    }
    return new NodePlaces(addresses.held(), serving);
  }

  /** Where clients reach a frontend: a node port on each address of the node that serves them. */
  Set<VirtualAddress> of(FrontendAddress frontend) {
    return switch (frontend) {
      case VirtualAddress address -> Set.of(address);
      case NodePort port -> {
        Set<VirtualAddress> addresses = new TreeSet<>();
        for (IpAddress address : serving) {
          if (address.family() == port.family()) {
            addresses.add(new VirtualAddress(address, port.protocol(), port.port()));
          }
        }
        yield addresses;
      }
    };
  }

  /** The addresses that are the node's, or serve node ports, in just one of the two. */
  Set<IpAddress> difference(NodePlaces other) {
    Set<IpAddress> different = new HashSet<>();
    addDifference(held, other.held, different);
    addDifference(other.held, held, different);
    addDifference(serving, other.serving, different);
    addDifference(other.serving, serving, different);
    return different;
  }

  private static void addDifference(
      Set<IpAddress> some, Set<IpAddress> others, Set<IpAddress> into) {
    for (IpAddress address : some) {
      if (!others.contains(address)) {
        into.add(address);
      }
    }
  }
}
