package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One pass over the kernel's flows for some frontends. The table is streamed past: only flows to be
 * deleted are kept, and no more than a few thousand of them at a time. Not thread-safe.
 */
final class FlowCleanup {

  /** Deleted together before the table is read on; about a megabyte. */
  static final int MOST_AT_ONCE = 4096;

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
    int deleted = 0;
    for (ConntrackFilter filter : stale.filters()) {
      int found;
      int gone;
      do {
        List<ConntrackEntry> some = find(filter, stale);
        found = some.size();
        gone = some.isEmpty() ? 0 : kernel.delete(some);
        deleted += gone;
      } while (found == MOST_AT_ONCE && gone > 0);
    }
    return deleted;
  }

  private List<ConntrackEntry> find(ConntrackFilter filter, StaleFlows stale) throws IOException {
    List<ConntrackEntry> found = new ArrayList<>();
    kernel.dump(
        filter,
        entry -> {
          if (found.size() < MOST_AT_ONCE && stale.contains(entry)) {
            found.add(entry);
          }
        });
    return found;
  }
}
