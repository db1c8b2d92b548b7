package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Where flows of a Service port may go on: to everything that still serves, chosen for new
 * connections or not. An endpoint that drains, or that is far away, keeps the flows it has.
 */
final class ServingEndpoints {

  private ServingEndpoints() {}

  static Set<EndpointAddress> of(ServicePortFragment port, Collection<EndpointSliceRecord> slices) {
    Set<EndpointAddress> serving = chosen(port);
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() == port.family()) {
        for (EndpointPort offered : slice.ports()) {
          if (offered.name().equals(port.name()) && offered.protocol() == port.protocol()) {
            add(slice, offered.port(), serving);
          }
        }
      }
    }
    return serving;
  }

  private static void add(EndpointSliceRecord slice, int port, Set<EndpointAddress> serving) {
    for (Endpoint endpoint : slice.endpoints()) {
      if (endpoint.ready() || endpoint.serving()) {
        serving.add(new EndpointAddress(endpoint.address(), port));
      }
    }
  }

  /** Those that new connections are sent to, from here or from outside. */
  static Set<EndpointAddress> chosen(ServicePortFragment port) {
    Set<EndpointAddress> chosen = new HashSet<>(port.cluster().endpoints());
    chosen.addAll(port.local().endpoints());
    return chosen;
  }
}
