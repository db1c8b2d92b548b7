package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Chooses the endpoints of a Service port: those that are ready, or where none is, those that still
 * serve while they terminate.
 */
final class EndpointSelection {

  private EndpointSelection() {}

  static List<EndpointAddress> select(
      ServicePortRecord port, AddressFamily family, Collection<EndpointSliceRecord> slices) {
    Map<EndpointAddress, Endpoint> candidates = new TreeMap<>();
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() == family) {
        for (EndpointPort offered : slice.ports()) {
          if (offered.name().equals(port.name()) && offered.protocol() == port.protocol()) {
            add(slice.endpoints(), offered.port(), family, candidates);
          }
        }
      }
    }
    List<EndpointAddress> ready = filter(candidates, Endpoint::ready);
    return ready.isEmpty()
        ? filter(candidates, endpoint -> endpoint.serving() && endpoint.terminating())
        : ready;
  }

  /** Slices repeat an endpoint while it moves between them, or after its address is used again. */
  private static void add(
      List<Endpoint> endpoints,
      int port,
      AddressFamily family,
      Map<EndpointAddress, Endpoint> candidates) {
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
    return a.serving() ? a : b;
  }

  private static List<EndpointAddress> filter(
      Map<EndpointAddress, Endpoint> candidates, Predicate<Endpoint> test) {
    return candidates.entrySet().stream()
        .filter(entry -> test.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
