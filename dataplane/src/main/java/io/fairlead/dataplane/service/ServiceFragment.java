package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import java.util.List;

/**
 * What one Service asks of this node: all that a backend renders. A pure function of the Service,
 * its slices and the node.
 *
 * @param created of the Service, in seconds since 1970
 * @param ports one per port and address family, in the Service's order
 */
public record ServiceFragment(ObjectKey service, long created, List<ServicePortFragment> ports) {

  public ServiceFragment {
    ports = List.copyOf(ports);
  }

  /**
   * Projects a Service.
   *
   * @param slices of this Service, of any family, in any order
   */
  public static ServiceFragment of(
      ServiceRecord service, Collection<EndpointSliceRecord> slices, ServiceNode node) {
    return new FragmentBuilder(service, slices, node).build();
  }
}
