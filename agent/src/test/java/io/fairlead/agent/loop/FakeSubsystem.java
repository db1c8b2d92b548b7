package io.fairlead.agent.loop;

import io.fairlead.agent.config.AgentConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Remembers what it was called with, and fails as told. */
final class FakeSubsystem implements Subsystem {

  final List<DirtyKeys> applied = new ArrayList<>();
  final List<AgentConfiguration> configurations = new ArrayList<>();
  int audits;
  @Nullable DirtyKeys auditFails;
  boolean concernedByConfiguration;

  /** Which of the keys fail; null for none. */
  Function<DirtyKeys, @Nullable DirtyKeys> failing = _ -> null;

  private final String name;

  FakeSubsystem(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    applied.add(dirty);
    DirtyKeys failed = failing.apply(dirty);
    if (failed != null) {
      throw new SubsystemException("the kernel refuses", failed, null);
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    audits++;
    if (auditFails != null) {
      throw new SubsystemException("drift", auditFails, null);
    }
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    configurations.add(configuration);
    return concernedByConfiguration;
  }

  @Override
  public Map<String, String> status() {
    return Map.of("applied", String.valueOf(applied.size()));
  }
}
