package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the meaning of a Service depends on, apart from the Service: this node.
 *
 * @param name as EndpointSlices call it
 * @param zone its label topology.kubernetes.io/zone, or null
 * @param addresses its own addresses
 * @param knowsLocalPods whether packets of this node's pods can be told from others
 * @param masqueradeAll whether all clients of cluster IPs are masqueraded
 */
public record ServiceNode(
    String name,
    @Nullable String zone,
    List<IpAddress> addresses,
    boolean knowsLocalPods,
    boolean masqueradeAll) {

  public ServiceNode {
    addresses = List.copyOf(addresses);
  }

  /** A node in no zone, whose pods are known by their addresses. */
  public static ServiceNode named(String name) {
    return new ServiceNode(name, null, List.of(), true, false);
  }
}
