package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a load balancer that asks this node about a Service is told. A pure function of the Service,
 * its slices and the node.
 *
 * @param port the Service's healthCheckNodePort, 1 to 65535
 * @param localEndpoints how many pods of this node are ready and not terminating; 0 means that the
 *     load balancer should send nothing here. Ports of one address count once, and of both IP
 *     families the one that has more counts, since its addresses belong to the same pods
 */
public record HealthCheck(ObjectKey service, int port, int localEndpoints) {

  /**
   * Counts the endpoints of a Service; null if nobody asks for them.
   *
   * @param slices of this Service, of any family, in any order
   * @param node this node's name, as slices call it
   */
  public static @Nullable HealthCheck of(
      ServiceRecord service, Collection<EndpointSliceRecord> slices, String node) {
    if (service.healthCheckNodePort() == 0) {
      return null;
    }
    int most = 0;
    for (IpAddress clusterIp : service.clusterIps()) {
      most = Math.max(most, ready(clusterIp.family(), slices, node));
    }
    return new HealthCheck(service.key(), service.healthCheckNodePort(), most);
  }

  private static int ready(
      AddressFamily family, Collection<EndpointSliceRecord> slices, String node) {
    Set<IpAddress> ready = new HashSet<>();
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() == family && !slice.ports().isEmpty()) {
        for (Endpoint endpoint : slice.endpoints()) {
          if (endpoint.ready() && !endpoint.terminating() && node.equals(endpoint.node())) {
            ready.add(endpoint.address());
          }
        }
      }
    }
    return ready.size();
  }
}
