package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Tells which connections other policies than the present ones would make an end of. */
public final class LostConnections {

  private LostConnections() {}

  /**
   * A connection that is allowed now, and would not be.
   *
   * @param flow what policies see of it
   * @param denial who would deny it
   */
  public record Lost(ConntrackEntry entry, Flow flow, LocalFlows.Denial denial) {}

  /**
   * Walks the table once, and judges what is in it; a few microseconds each.
   *
   * @param own the node's own addresses
   * @param most no more than so many are looked for
   * @throws IOException if the table cannot be read
   */
  public static List<Lost> find(
      ConntrackKernel kernel, Set<IpAddress> own, LocalFlows now, LocalFlows then, int most)
      throws IOException {
    List<Lost> lost = new ArrayList<>();
    kernel.dump(
        ConntrackFilter.ALL,
        entry -> {
          // What a helper expected is related to a connection, and goes with that one.
          if (lost.size() >= most || entry.has(ConntrackStatus.EXPECTED)) {
            return;
          }
          Flow flow = TrackedFlow.of(entry, own);
          LocalFlows.Denial denial = then.denial(flow);
          if (denial != null && now.denial(flow) == null) {
            lost.add(new Lost(entry, flow, denial));
          }
        });
    lost.sort(Comparator.comparing(Lost::entry, ConntrackEntry.ORDER));
    return List.copyOf(lost);
  }
}
