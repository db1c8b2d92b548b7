package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.List;

/**
 * What a call did to the kernel.
 *
 * @param applied the operations that took effect, in order; empty if all was right already
 * @param failures what the kernel refused; it is tried again when the node changes, at an event
 *     that concerns it, and by an audit
 */
public record OverlayOutcome(List<RouteOperation> applied, List<OverlayProblem> failures) {

  public OverlayOutcome {
    applied = List.copyOf(applied);
    failures = List.copyOf(failures);
  }
}
