package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one Service asks of every node: its virtual addresses, each with the endpoints that serve it
 * in ascending order, without repetition. An address without endpoints is refused.
 */
public record ServiceFragment(
    ObjectKey service, SortedMap<VirtualAddress, List<EndpointAddress>> addresses) {

  public ServiceFragment {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }

  /**
   * Projects a Service.
   *
   * @param slices of this Service, of any family, in any order
   */
  public static ServiceFragment of(ServiceRecord service, Collection<EndpointSliceRecord> slices) {
    SortedMap<VirtualAddress, List<EndpointAddress>> addresses = new TreeMap<>();
    for (ServiceRecord.ServicePortRecord port : service.ports()) {
      for (IpAddress clusterIp : service.clusterIps()) {
        addresses.putIfAbsent(
            new VirtualAddress(clusterIp, port.protocol(), port.port()),
            EndpointSelection.select(port, clusterIp.family(), slices));
      }
    }
    return new ServiceFragment(service.key(), addresses);
  }
}
