package io.fairlead.agent;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.EventLoops;
import io.fairlead.agent.server.RouteTable;
import io.fairlead.agent.source.ClusterSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes the subsystems of an agent: the seam between the agent and what it drives. */
@FunctionalInterface
public interface SubsystemFactory {

  /**
   * What subsystems may use.
   *
   * @param loop for submitting tasks and marking keys dirty, which wait until it starts
   * @param registry for metrics, whose names begin with fairlead_
   * @param servers for ports of their own
   * @param adminRoutes for paths that need several subsystems; those of one are its {@link
   *     AdminRoutes}
   * @param healthy whether the kernel is as the cluster was last seen to want it
   */
  record Context(
      AgentConfiguration configuration,
      ClusterSource source,
      ReconcileLoop loop,
      PrometheusRegistry registry,
      EventLoops servers,
      RouteTable adminRoutes,
      BooleanSupplier healthy) {}

  /**
   * The subsystems in the order in which a round calls them. What they open is closed by the
   * closeables that they are or hold: a subsystem that is AutoCloseable is closed when the agent
   * stops, which leaves the kernel as it is.
   *
   * @throws AgentException if one of them cannot work here, such as without a capability
   */
  List<Subsystem> create(Context context) throws AgentException;
}
