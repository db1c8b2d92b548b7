package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * One pass over the connections of some addresses. The table is streamed past: no more than a
 * portion waits to be judged, and no more than a few thousand to be deleted. Used once.
 */
final class CutPass {

  /** Judged together: what keeps the judging thread for some milliseconds. */
  static final int PORTION = 1000;

  /** Deleted together before the table is read anew; a few megabytes. */
  static final int MOST_AT_ONCE = 16_384;

  private final ConntrackKernel kernel;
  private final FlowJudge judge;
  private final Set<IpAddress> own;
  private final InvolvedEntries involved;
  private final Map<ConntrackEntry, Flow> portion = new HashMap<>();
  private final List<ConntrackEntry> denied = new ArrayList<>();
  private int judged;

  CutPass(ConntrackKernel kernel, FlowJudge judge, Set<IpAddress> own, Set<IpAddress> addresses) {
    this.kernel = kernel;
    this.judge = judge;
    this.own = own;
    this.involved = InvolvedEntries.of(addresses);
  }

  /** How many entries were judged. */
  int judged() {
    return judged;
  }

  /**
   * Deletes the entries that are denied, and no others.
   *
   * @return how many
   * @throws IOException if some may be left; a further pass finds them
   */
  int run() throws IOException {
    int deleted = 0;
    List<ConntrackFilter> filters = involved.filters();
    for (int i = 0; i < filters.size(); i++) {
      List<ConntrackFilter> before = filters.subList(0, i);
      boolean more;
      do {
        denied.clear();
        kernel.dump(
            filters.get(i),
            entry -> {
              if (before.stream().noneMatch(filter -> filter.matches(entry))) {
                consider(entry);
              }
            });
        judgePortion();
        int gone = denied.isEmpty() ? 0 : kernel.delete(denied);
        deleted += gone;
        more = denied.size() >= MOST_AT_ONCE && gone > 0;
      } while (more);
    }
    return deleted;
  }

  private void consider(ConntrackEntry entry) throws IOException {
    // What a helper expected is related to a connection, and allowed for as long as that one is.
    if (denied.size() >= MOST_AT_ONCE
        || entry.has(ConntrackStatus.EXPECTED)
        || !involved.contains(entry)) {
      return;
    }
    portion.put(entry, TrackedFlow.of(entry, own));
    if (portion.size() == PORTION) {
      judgePortion();
    }
  }

  private void judgePortion() throws IOException {
    if (portion.isEmpty()) {
      return;
    }
    Set<Flow> bad;
    try {
      bad = judge.denied(new HashSet<>(portion.values())).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("judging connections was interrupted");
    } catch (ExecutionException e) {
      throw new IOException("connections could not be judged: " + e.getCause(), e);
    }
    judged += portion.size();
    portion.forEach((entry, flow) -> {
      if (bad.contains(flow)) {
        denied.add(entry);
      }
    });
    portion.clear();
  }
}
