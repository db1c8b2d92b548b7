package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.metrics.ProgrammingLatency;
import io.fairlead.agent.metrics.ServiceTally;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.Collection;
import java.util.List;

/** Counts Services, and how long their changes took. */
final class MetricsFollower implements ServiceFollower {

  private final ServiceTally tally;
  private final ProgrammingLatency latency;

  MetricsFollower(ServiceTally tally, ProgrammingLatency latency) {
    this.tally = tally;
    this.latency = latency;
  }

  @Override
  public void committed(Collection<ServiceChange> changes, ClusterView view) {
    for (ServiceChange change : changes) {
      tally.update(change);
      latency.changed(
          change.service(), change.after() == null ? List.of() : view.slices(change.service()));
    }
    latency.committed();
  }
}
