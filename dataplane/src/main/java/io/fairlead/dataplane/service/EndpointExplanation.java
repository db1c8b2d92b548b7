package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What becomes of one entry of a Service's slices, as seen from one port of the Service, and why.
 * Decided by what chooses the endpoints, so that the two cannot disagree.
 *
 * @param portName of the Service's port; may be empty
 * @param protocol of the Service's port
 * @param slice that lists the endpoint
 * @param port of the endpoint, 1 to 65535; 0 if its slice does not have the Service's port
 * @param cluster its fate for traffic that may go to any node
 * @param local its fate for traffic that must stay on this node, whether or not the Service has
 *     such traffic
 */
public record EndpointExplanation(
    String portName,
    Protocol protocol,
    ObjectKey slice,
    Endpoint endpoint,
    int port,
    EndpointFate cluster,
    EndpointFate local) {

  /** In order of the endpoint's address. */
  private static final Comparator<EndpointExplanation> BY_ADDRESS =
      Comparator.comparing((EndpointExplanation explained) -> explained.endpoint().address())
          .thenComparingInt(EndpointExplanation::port)
          .thenComparing(EndpointExplanation::slice);

  /**
   * Explains a Service on a node: one for each entry of each slice and each port of the Service, by
   * port in the Service's order, then by address.
   *
   * @param slices of this Service, of any family, in any order
   */
  public static List<EndpointExplanation> of(
      ServiceRecord service, Collection<EndpointSliceRecord> slices, ServiceNode node) {
    List<EndpointSliceRecord> ordered = EndpointSelection.ordered(slices);
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    service.clusterIps().forEach(address -> families.add(address.family()));
    List<EndpointExplanation> all = new ArrayList<>();
    for (ServicePortRecord port : service.ports()) {
      List<EndpointExplanation> ofPort = new ArrayList<>();
      for (AddressFamily family : families) {
        ofPort.addAll(new EndpointSelection(port, family, ordered, node).explain());
      }
      for (EndpointSliceRecord slice : ordered) {
        if (!families.contains(slice.family())) {
          slice
              .endpoints()
              .forEach(
                  endpoint -> ofPort.add(unused(port, slice, endpoint, EndpointFate.OTHER_FAMILY)));
        }
      }
      ofPort.sort(BY_ADDRESS);
      all.addAll(ofPort);
    }
    return all;
  }

  static EndpointExplanation unused(
      ServicePortRecord port, EndpointSliceRecord slice, Endpoint endpoint, EndpointFate fate) {
    return new EndpointExplanation(
        port.name(), port.protocol(), slice.key(), endpoint, 0, fate, fate);
  }
}
