package io.fairlead.agent.metrics;

import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what Services ask for, by what each change adds and takes away. Updates come from one
 * thread; {@link #counts} may be called from any.
 */
public final class ServiceTally {

  /**
   * What there is of all Services together.
   *
   * @param frontends addresses and node ports
   * @param endpoints of each port of each Service and family
   * @param withoutInternalEndpoints Services whose internalTrafficPolicy is Local and that have
   *     endpoints, but none on this node
   * @param withoutExternalEndpoints the same of externalTrafficPolicy
   */
  public record Counts(
      int services,
      int frontends,
      int endpoints,
      int withoutInternalEndpoints,
      int withoutExternalEndpoints) {

    private Counts plus(Counts other, int times) {
      return new Counts(
          services + times * other.services,
          frontends + times * other.frontends,
          endpoints + times * other.endpoints,
          withoutInternalEndpoints + times * other.withoutInternalEndpoints,
          withoutExternalEndpoints + times * other.withoutExternalEndpoints);
    }
  }

  private static final Counts NOTHING = new Counts(0, 0, 0, 0, 0);

  private volatile Counts counts = NOTHING;

  /** Takes note of what became of a Service, in the order in which it happened. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  public void update(ServiceChange change) {
    counts = counts.plus(count(change.before()), -1).plus(count(change.after()), 1);
  }

  public Counts counts() {
    return counts;
  }

  private static Counts count(@Nullable ServiceFragment fragment) {
    if (fragment == null) {
      return NOTHING;
    }
    int frontends = 0;
    int endpoints = 0;
    for (ServicePortFragment port : fragment.ports()) {
      frontends += port.frontends().size();
      endpoints += distinct(port);
    }
    return new Counts(
        1,
        frontends,
        endpoints,
        lacks(fragment, Reach.LOCAL) ? 1 : 0,
        lacks(fragment, Reach.LOCAL_FROM_OUTSIDE) ? 1 : 0);
  }

  private static int distinct(ServicePortFragment port) {
    if (port.local().isEmpty()) {
      return port.cluster().size();
    }
    Set<Object> all = new HashSet<>(port.cluster().endpoints());
    all.addAll(port.local().endpoints());
    return all.size();
  }

  private static boolean lacks(ServiceFragment fragment, Reach reach) {
    return fragment.ports().stream()
        .anyMatch(port ->
            port.local().isEmpty()
                && port.local().absence() == Absence.DROP
                && port.frontends().values().stream()
                    .anyMatch(frontend -> frontend.reach() == reach));
  }
}
