package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints are near enough: those hinted for this node, or those hinted for its zone, or
 * all. Hints count only if every ready endpoint has them and one of them is for us.
 */
final class Topology {

  private Topology() {}

  static Predicate<Endpoint> of(Collection<Endpoint> endpoints, ServiceNode node) {
    List<Endpoint> ready = endpoints.stream().filter(Endpoint::ready).toList();
    Predicate<Endpoint> forNode = endpoint -> endpoint.hints().nodes().contains(node.name());
    if (ready.stream().noneMatch(endpoint -> endpoint.hints().nodes().isEmpty())
        && ready.stream().anyMatch(forNode)) {
      return forNode;
    }
    String zone = node.zone();
    Predicate<Endpoint> forZone =
        endpoint -> zone != null && endpoint.hints().zones().contains(zone);
    if (ready.stream().noneMatch(endpoint -> endpoint.hints().zones().isEmpty())
        && ready.stream().anyMatch(forZone)) {
      return forZone;
    }
    return endpoint -> true;
  }
}
