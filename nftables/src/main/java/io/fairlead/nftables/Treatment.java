package io.fairlead.nftables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one frontend's clients meet.
 *
 * @param everyone the endpoints by their slots: of all clients, or of those inside the node
 * @param apart the endpoints of clients from outside; null if they are treated like everyone
 * @param allowed networks of clients without those inside another; null for all
 * @param clusterIp whether it is a port of a cluster IP
 */
record Treatment(
    EndpointSet everyone,
    @Nullable EndpointSet apart,
    Masquerade masquerade,
    int affinitySeconds,
    @Nullable List<Cidr> allowed,
    boolean clusterIp) {

  /** What the owner of an address wants for it, with the endpoints in its order. */
  static Treatment of(FrontendAddress address, AddressClaims.Owner owner) {
    Frontend frontend = owner.frontend();
    EndpointSet inside = owner.port().inside(frontend);
    EndpointSet outside = owner.port().outside(frontend);
    boolean same =
        frontend.reach() != Reach.LOCAL_FROM_OUTSIDE
            || (inside.endpoints().equals(outside.endpoints())
                && (!inside.isEmpty() || inside.absence() == outside.absence()));
    List<Cidr> allowed = frontend.allowedSources();
    return new Treatment(
        inside,
        same ? null : outside,
        frontend.masquerade(),
        owner.port().affinitySeconds(),
        allowed == null || address instanceof NodePort
            ? null
            : NodeNetwork.disjoint(address.family(), allowed),
        frontend.kind() == Frontend.Kind.CLUSTER_IP);
  }

  /** The same with the endpoints in the slots of {@code before}, as far as possible. */
  Treatment keepingSlots(List<EndpointAddress> before, List<EndpointAddress> apartBefore) {
    EndpointSet outside = apart;
    return new Treatment(
        slots(before, everyone),
        outside == null ? null : slots(apartBefore, outside),
        masquerade,
        affinitySeconds,
        allowed,
        clusterIp);
  }

  private static EndpointSet slots(List<EndpointAddress> before, EndpointSet wanted) {
    return new EndpointSet(Slots.assign(before, wanted.endpoints()), wanted.absence());
  }

  List<EndpointAddress> endpoints() {
    return everyone.endpoints();
  }

  List<EndpointAddress> apartEndpoints() {
    EndpointSet outside = apart;
    return outside == null ? List.of() : outside.endpoints();
  }

  /** Whether the other has the same elements but for the endpoints in the slots. */
  boolean differsInEndpointsAlone(Treatment other) {
    EndpointSet outside = apart;
    EndpointSet otherOutside = other.apart;
    return areAlike(everyone, other.everyone)
        && (outside == null
            ? otherOutside == null
            : otherOutside != null && areAlike(outside, otherOutside))
        && masquerade == other.masquerade
        && affinitySeconds == other.affinitySeconds
        && Objects.equals(allowed, other.allowed)
        && clusterIp == other.clusterIp;
  }

  private static boolean areAlike(EndpointSet one, EndpointSet other) {
    return one.size() == other.size() && one.absence() == other.absence();
  }

  /** Whether some client may be sent to the endpoint. */
  boolean leadsTo(EndpointAddress endpoint) {
    return endpoints().contains(endpoint) || apartEndpoints().contains(endpoint);
  }

  /** The targets that the kernel has to know. */
  List<Target> targets(FrontendAddress address) {
    List<Target> targets = new ArrayList<>(2);
    if (!everyone.isEmpty()) {
      targets.add(target(address, false, everyone.size()));
    }
    if (!apartEndpoints().isEmpty()) {
      targets.add(target(address, true, apartEndpoints().size()));
    }
    return targets;
  }

  private Target target(FrontendAddress address, boolean local, int endpoints) {
    return new Target(
        address instanceof NodePort, local, affinitySeconds > 0, masquerade, endpoints);
  }

  /** All elements of the frontend but its endpoints, as additions. */
  void addTo(FrontendAddress address, ElementSink sink) {
    FrontendSets sets = FrontendSets.of(address);
    Bytes key = ServiceKeys.key(address);
    SetElement plain = SetElement.of(key);
    sink.add(sets.connections(), plain);
    sink.add(sets.traffic(), plain);
    if (!everyone.isEmpty()) {
      Target target = target(address, false, everyone.size());
      sink.add(sets.services(), SetElement.of(key, target.bytes()));
    } else {
      sink.add(everyone.absence() == Absence.REFUSE ? sets.refused() : sets.dropped(), plain);
    }
    EndpointSet outside = apart;
    if (outside != null && !outside.isEmpty()) {
      Target target = target(address, true, outside.size());
      sink.add(sets.localServices(), SetElement.of(key, target.bytes()));
    } else if (outside != null) {
      // Where the outside would be refused, everyone is: then it is not treated apart.
      sink.add(sets.localDropped(), plain);
    }
    if (affinitySeconds > 0) {
      String chain = new AffinityChain(address.family(), affinitySeconds).name();
      sink.add(sets.affinity(), SetElement.of(key, Verdict.goTo(chain)));
    }
    if (allowed != null) {
      ServiceSets services = ServiceSets.of(address.family());
      sink.add(services.restricted(), plain);
      sink.add(services.blocked(), plain);
      allowed.forEach(
          clients -> sink.add(services.allowed(), ServiceKeys.allowed(address, clients)));
    }
  }
}
