package io.fairlead.agent.loop;

import io.fairlead.agent.config.AgentConfiguration;
import java.util.Map;

/** Does nothing and succeeds, whatever it is asked for: what a test's own subsystem begins with. */
public class IdleSubsystem implements Subsystem {

  private final String name;

  /**
   * @param name what status calls it
   */
  public IdleSubsystem(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {}

  @Override
  public void audit(ClusterView view) throws SubsystemException {}

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return Map.of();
  }
}
