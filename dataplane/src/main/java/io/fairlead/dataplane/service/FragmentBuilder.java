package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Kind;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds the fragment of one Service. */
final class FragmentBuilder {

  private static final EndpointSet NONE = new EndpointSet(List.of(), Absence.REFUSE);

  private final ServiceRecord service;
  private final List<EndpointSliceRecord> slices;
  private final ServiceNode node;

  FragmentBuilder(ServiceRecord service, Collection<EndpointSliceRecord> slices, ServiceNode node) {
    this.service = service;
    this.slices = EndpointSelection.ordered(slices);
    this.node = node;
  }

  ServiceFragment build() {
    List<ServicePortFragment> ports = new ArrayList<>();
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    service.clusterIps().forEach(address -> families.add(address.family()));
    for (ServicePortRecord port : service.ports()) {
      for (AddressFamily family : families) {
        ports.add(port(port, family));
      }
    }
    return new ServiceFragment(service.key(), service.created(), ports);
  }

  private ServicePortFragment port(ServicePortRecord port, AddressFamily family) {
    SortedMap<FrontendAddress, Frontend> frontends = frontends(port, family);
    boolean needsCluster = needs(frontends, Reach.CLUSTER, Reach.LOCAL_FROM_OUTSIDE);
    boolean needsLocal = needs(frontends, Reach.LOCAL, Reach.LOCAL_FROM_OUTSIDE);
    EndpointSelection selection = new EndpointSelection(port, family, slices, node);
    return new ServicePortFragment(
        port.name(),
        port.protocol(),
        family,
        needsCluster ? selection.cluster() : NONE,
        needsLocal ? selection.local() : NONE,
        service.affinitySeconds(),
        service.ipvsScheduler(),
        frontends);
  }

  private static boolean needs(
      SortedMap<FrontendAddress, Frontend> frontends, Reach one, Reach other) {
    for (Frontend frontend : frontends.values()) {
      if (frontend.reach() == one || frontend.reach() == other) {
        return true;
      }
    }
    return false;
  }

  private SortedMap<FrontendAddress, Frontend> frontends(
      ServicePortRecord port, AddressFamily family) {
    SortedMap<FrontendAddress, Frontend> frontends = new TreeMap<>();
    Frontend internal = internal();
    add(service.clusterIps(), internal, port, family, frontends);
    // Before external IPs: of an address that is both, the source ranges hold.
    for (IpAddress address : service.loadBalancerIps()) {
      Frontend balancer = external(Kind.LOAD_BALANCER, allowed(address));
      add(List.of(address), balancer, port, family, frontends);
    }
    add(service.externalIps(), external(Kind.EXTERNAL_IP, null), port, family, frontends);
    if (port.nodePort() != 0) {
      frontends.put(
          new NodePort(family, port.protocol(), port.nodePort()), external(Kind.NODE_PORT, null));
    }
    return frontends;
  }

  private static void add(
      List<IpAddress> addresses,
      Frontend frontend,
      ServicePortRecord port,
      AddressFamily family,
      SortedMap<FrontendAddress, Frontend> frontends) {
    for (IpAddress address : addresses) {
      if (address.family() == family) {
        frontends.putIfAbsent(new VirtualAddress(address, port.protocol(), port.port()), frontend);
      }
    }
  }

  private Frontend internal() {
    Masquerade masquerade =
        node.masqueradeAll()
            ? Masquerade.EVERYBODY
            : node.knowsLocalPods() ? Masquerade.ALL_BUT_LOCAL_PODS : Masquerade.NOBODY;
    Reach reach =
        switch (service.internalPolicy()) {
          case CLUSTER -> Reach.CLUSTER;
          case LOCAL -> Reach.LOCAL;
        };
    return new Frontend(Kind.CLUSTER_IP, reach, masquerade, null);
  }

  private Frontend external(Kind kind, @Nullable List<Cidr> allowed) {
    return service.externalPolicy() == TrafficPolicy.LOCAL
        ? new Frontend(kind, Reach.LOCAL_FROM_OUTSIDE, Masquerade.NODE, allowed)
        : new Frontend(kind, Reach.CLUSTER, Masquerade.EVERYBODY, allowed);
  }

  /**
   * Who may use a load balancer's address. Where the node itself may, packets that it sends to the
   * address also arrive from the address.
   */
  private @Nullable List<Cidr> allowed(IpAddress address) {
    List<Cidr> ranges = service.sourceRanges();
    if (ranges == null) {
      return null;
    }
    List<Cidr> family =
        ranges.stream().filter(range -> range.family() == address.family()).toList();
    if (family.stream().anyMatch(range -> range.prefixLength() == 0)
        || (family.isEmpty() && !ranges.isEmpty())) {
      return null;
    }
    List<Cidr> allowed = new ArrayList<>(family);
    if (node.addresses().stream().anyMatch(own -> isIn(own, family))) {
      allowed.add(Cidr.host(address));
    }
    return Cidr.disjoint(allowed);
  }

  private static boolean isIn(IpAddress address, List<Cidr> ranges) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}
