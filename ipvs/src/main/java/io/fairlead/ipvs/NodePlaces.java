package io.fairlead.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.InterfaceAddresses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The node's own addresses at one moment.
 *
 * @param held all that its interfaces have
 * @param serving those of them that serve node ports
 * @param known those by which the cluster knows the node
 * @param sources from which the node's own connections to Services come, at most one of a family
 */
record NodePlaces(
    Set<IpAddress> held, Set<IpAddress> serving, List<IpAddress> known, List<IpAddress> sources) {

  static final NodePlaces NONE = new NodePlaces(Set.of(), Set.of(), List.of(), List.of());

  NodePlaces {
    held = Set.copyOf(held);
    serving = Set.copyOf(serving);
    known = List.copyOf(known);
    sources = List.copyOf(sources);
  }

  /**
   * Chooses those that serve node ports, and those that connections come from.
   *
   * @param known best first
   */
  static NodePlaces of(
      InterfaceAddresses addresses, List<IpAddress> known, ServiceSettings settings) {
    Set<IpAddress> serving = new HashSet<>();
    for (IpAddress address : addresses.usable()) {
      List<Cidr> networks = settings.nodePortAddresses(address.family());
      if (networks.isEmpty() || isIn(address, networks)) {
        serving.add(address);
      }
    }
    List<IpAddress> sources = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      IpAddress source = addresses.source(family, known);
      if (source != null) {
        sources.add(source);
      }
    }
    return new NodePlaces(addresses.held(), serving, known, sources);
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

  /**
   * Whom source ranges admit. Where they admit the node by one of its addresses they do so
   * whichever of them the route gives to its packets.
   */
  @Nullable List<Cidr> admitted(@Nullable List<Cidr> ranges) {
    if (ranges == null || known.stream().noneMatch(own -> isIn(own, ranges))) {
      return ranges;
    }
    List<Cidr> admitted = new ArrayList<>(ranges);
    for (IpAddress source : sources) {
      if (source.family() == ranges.getFirst().family()) {
        admitted.add(Cidr.host(source));
      }
    }
    return Cidr.disjoint(admitted);
  }

  private static boolean isIn(IpAddress address, List<Cidr> networks) {
    return networks.stream().anyMatch(network -> network.contains(address));
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
