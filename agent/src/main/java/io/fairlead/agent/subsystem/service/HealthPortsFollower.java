package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.health.HealthCheckServers;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.HealthCheck;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.Collection;
import java.util.List;

/** Tells the health check node ports how many endpoints are here. */
final class HealthPortsFollower implements ServiceFollower {

  private final HealthCheckServers servers;
  private final String nodeName;

  /**
   * Follows with {@code servers}, which it closes in the end.
   *
   * @param nodeName as EndpointSlices call this node
   */
  HealthPortsFollower(HealthCheckServers servers, String nodeName) {
    this.servers = servers;
    this.nodeName = nodeName;
  }

  @Override
  public void committed(Collection<ServiceChange> changes, ClusterView view) {
    for (ServiceChange change : changes) {
      // Without a fragment the Service is gone, or is another proxy's now.
      ServiceRecord service = change.after() == null ? null : view.service(change.service());
      servers.update(
          change.service(),
          service == null
              ? null
              : HealthCheck.of(service, view.slices(change.service()), nodeName));
    }
  }

  @Override
  public List<String> problems() {
    return servers.problems();
  }

  @Override
  public void close() {
    servers.close();
  }
}
