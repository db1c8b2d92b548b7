package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Chooses the endpoints of a Service port: those that are ready, or where none is, those that still
 * serve while they terminate; decided for all nodes and for this one apart.
 */
final class EndpointSelection {

  private final Map<EndpointAddress, Endpoint> candidates = new TreeMap<>();
  private final ServiceNode node;

  /**
   * @param slices of the Service, in an order that depends on nothing else
   */
  EndpointSelection(
      ServicePortRecord port,
      AddressFamily family,
      List<EndpointSliceRecord> slices,
      ServiceNode node) {
    this.node = node;
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() == family) {
        for (EndpointPort offered : slice.ports()) {
          if (offered.name().equals(port.name()) && offered.protocol() == port.protocol()) {
            add(slice.endpoints(), offered.port(), family);
          }
        }
      }
    }
  }

  /**
   * Slices repeat an endpoint while it moves between them, or after its address is used again. Of
   * equal ones the first counts.
   */
  private void add(List<Endpoint> endpoints, int port, AddressFamily family) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.address().family() == family) {
        candidates.merge(
            new EndpointAddress(endpoint.address(), port), endpoint, EndpointSelection::better);
      }
    }
  }

  private static Endpoint better(Endpoint a, Endpoint b) {
    if (a.terminating() != b.terminating()) {
      return a.terminating() ? b : a;
    }
    if (a.ready() != b.ready()) {
      return a.ready() ? a : b;
    }
    return b.serving() && !a.serving() ? b : a;
  }

  /** For traffic that may go to any node, as near as the hints say. */
  EndpointSet cluster() {
    Topology near = Topology.of(candidates.values(), node);
    return choose(endpoint -> true, near::includes);
  }

  /** For traffic that must stay on this node; hints have no say in it. */
  EndpointSet local() {
    return choose(endpoint -> node.name().equals(endpoint.node()), endpoint -> true);
  }

  private EndpointSet choose(Predicate<Endpoint> eligible, Predicate<Endpoint> near) {
    List<EndpointAddress> ready = new ArrayList<>(candidates.size());
    List<EndpointAddress> draining = new ArrayList<>(0);
    boolean elsewhere = false;
    for (Map.Entry<EndpointAddress, Endpoint> candidate : candidates.entrySet()) {
      Endpoint endpoint = candidate.getValue();
      if (!endpoint.ready() && !isDraining(endpoint)) {
        continue;
      }
      if (!eligible.test(endpoint)) {
        elsewhere = true;
      } else if (!endpoint.ready()) {
        draining.add(candidate.getKey());
      } else if (near.test(endpoint)) {
        ready.add(candidate.getKey());
      }
    }
    List<EndpointAddress> chosen = ready.isEmpty() ? draining : ready;
    return new EndpointSet(chosen, chosen.isEmpty() && elsewhere ? Absence.DROP : Absence.REFUSE);
  }

  private static boolean isDraining(Endpoint endpoint) {
    return endpoint.serving() && endpoint.terminating();
  }
}
