package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ForgettingPass;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Passes over the kernel's flows for some frontends. Not thread-safe. */
final class FlowCleanup {

  private final ConntrackKernel kernel;
  private final NodePortAddresses nodePortAddresses;

  FlowCleanup(ConntrackKernel kernel, NodePortAddresses nodePortAddresses) {
    this.kernel = kernel;
    this.nodePortAddresses = nodePortAddresses;
  }

  /**
   * Deletes the stale flows of {@code frontends}, and no others.
   *
   * @return how many
   * @throws IOException if some may be left; a further pass finds them
   */
  int run(Map<FrontendAddress, Set<EndpointAddress>> frontends) throws IOException {
    boolean nodePorts = frontends.keySet().stream().anyMatch(NodePort.class::isInstance);
    Set<IpAddress> addresses = nodePorts ? nodePortAddresses.now() : Set.of();
    StaleFlows stale = new StaleFlows(frontends, addresses);
    return ForgettingPass.run(kernel, stale.filters(), stale::contains);
  }
}
