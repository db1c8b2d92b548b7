package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.conntrack.FlowChanges;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Has the kernel forget the flows that a commit, or a gap before a repair, left behind. */
final class StaleFlowsFollower implements ServiceFollower {

  private final FlowChanges flows = new FlowChanges();
  private final AddressClaims claims;
  private final Consumer<Map<FrontendAddress, Set<EndpointAddress>>> cleaner;
  private final Runnable strayed;
  private final Runnable closing;

  /**
   * Follows the changes of {@code claims}.
   *
   * @param cleaner takes what FlowCleaner.clean does
   * @param strayed does what FlowCleaner.forgetStrayed does
   * @param closing ends the cleaner
   */
  StaleFlowsFollower(
      AddressClaims claims,
      Consumer<Map<FrontendAddress, Set<EndpointAddress>>> cleaner,
      Runnable strayed,
      Runnable closing) {
    this.claims = claims;
    this.cleaner = cleaner;
    this.strayed = strayed;
    this.closing = closing;
  }

  @Override
  public void committed(Collection<ServiceChange> changes, ClusterView view) {
    changes.forEach(change -> flows.note(change, view.slices(change.service())));
    cleaner.accept(flows.take(claims, view::slices));
  }

  @Override
  public void repaired() {
    cleaner.accept(flows.all(claims));
    strayed.run();
  }

  @Override
  public void close() {
    closing.run();
  }
}
