package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.health.HealthCheckServers;
import io.fairlead.agent.metrics.ConntrackMetrics;
import io.fairlead.agent.metrics.EndpointMetrics;
import io.fairlead.agent.metrics.ProgrammingLatency;
import io.fairlead.agent.metrics.ServiceMetrics;
import io.fairlead.agent.metrics.ServiceTally;
import io.fairlead.agent.metrics.TrafficMetrics;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.conntrack.FlowCleaner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes all that follows the Services in the kernel. */
final class ServiceFollowers {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceFollowers.class);

  private ServiceFollowers() {}

  /**
   * Opens sockets in the calling thread's network namespace, where health check node ports will
   * listen, too. Without connection tracking in the kernel the rest goes on.
   *
   * @param claims whose changes will be followed
   * @param settings those in force; asked on other threads
   * @param pods where any node's pods have their addresses; asked on other threads
   * @param traffic follows, too, and is closed with the others
   */
  static List<ServiceFollower> open(
      SubsystemFactory.Context context,
      AddressClaims claims,
      ServiceMetrics metrics,
      Supplier<ServiceSettings> settings,
      Supplier<List<Cidr>> pods,
      TrafficFollower traffic)
      throws IOException {
    List<ServiceFollower> followers = new ArrayList<>();
    ServiceTally tally = new ServiceTally();
    metrics.counts(tally::counts);
    followers.add(
        new MetricsFollower(
            tally,
            new ProgrammingLatency(
                System::currentTimeMillis,
                () -> System.nanoTime() / 1_000_000,
                metrics::programmed)));
    String nodeName = context.configuration().nodeName();
    HealthCheckServers servers =
        new HealthCheckServers(
            context.servers(),
            nodeName,
            context.healthy(),
            (service, reason, sentence) ->
                context.source().report(ObjectReference.service(service), reason, sentence));
    metrics.healthPorts(servers::states);
    followers.add(new HealthPortsFollower(servers, nodeName));
    TrafficMetrics.register(context.registry(), traffic);
    if (context.configuration().services().ipvs().endpointMetrics()) {
      EndpointMetrics.register(context.registry(), traffic::readEndpoints);
    }
    followers.add(traffic);
    try {
      FlowCleaner cleaner =
          FlowCleaner.open(settings, pods, new ConntrackMetrics(context.registry()));
      followers.add(
          new StaleFlowsFollower(claims, cleaner::clean, cleaner::forgetStrayed, cleaner::close));
    } catch (IOException e) {
      LOG.warn("UDP clients may stay with endpoints that are gone: {}", e.getMessage());
    }
    return followers;
  }
}
