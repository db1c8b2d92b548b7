package io.fairlead.agent.subsystem.policy.flow;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.Route;
import java.util.Map;

/**
 * Denied flows. It keeps nothing in the kernel: it reads what the table of policies reports, and
 * begins again at each audit if it could not. That never makes the agent unhealthy.
 */
public final class FlowSubsystem implements Subsystem, AdminRoutes, AutoCloseable {

  private final FlowWatch watch;

  /** Takes over {@code watch}. */
  public FlowSubsystem(FlowWatch watch) {
    this.watch = watch;
  }

  @Override
  public String name() {
    return "flows";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) {
    if (dirty.everything()) {
      watch.open();
    }
  }

  @Override
  public void audit(ClusterView view) {
    watch.open();
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return Map.of("denied", watch.summary());
  }

  @Override
  public Map<String, Route> adminRoutes() {
    return Map.of("/flows", Route.of(() -> Json.reply(watch.flows().latest())));
  }

  @Override
  public void close() {
    watch.close();
  }
}
