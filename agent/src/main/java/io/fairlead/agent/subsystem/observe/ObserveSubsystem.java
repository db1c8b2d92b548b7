package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Route;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells what happens to whoever asks: rounds, flows and the kernel's events. It keeps nothing in
 * the kernel, and opens what it listens with for as long as somebody does.
 */
public final class ObserveSubsystem implements Subsystem, AdminRoutes {

  private final Observed observed;

  public ObserveSubsystem(Observed observed) {
    this.observed = observed;
  }

  @Override
  public String name() {
    return "observe";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) {}

  @Override
  public void audit(ClusterView view) {}

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return Map.of();
  }

  @Override
  public Map<String, Route> adminRoutes() {
    Map<String, Route> routes =
        new HashMap<>(new ChangesRoutes(observed.node(), observed.loop().history()).routes());
    routes.put("/flows/follow", new Route.Streamed(new FlowFeed(observed)));
    if (observed.denied() == null) {
      routes.put(
          "/flows",
          Route.of(
              () -> Reply.text(400, "Policies are off here, so nothing is denied. Turn them on")));
    }
    routes.put("/monitor", new Route.Streamed(new MonitorFeed(observed)));
    return routes;
  }
}
