package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes the kernel forget entries, whatever they are. */
final class ForgettingPass {

  /** Deleted together before the table is read anew; about a megabyte. */
  static final int MOST_AT_ONCE = 4096;

  private ForgettingPass() {}

  /**
   * Returns when there are none left.
   *
   * @throws IOException if some may be left
   */
  static void run(ConntrackKernel kernel, InvolvedEntries involved) throws IOException {
    for (ConntrackFilter filter : involved.filters(kernel.count())) {
      boolean more;
      do {
        List<ConntrackEntry> found = find(kernel, filter, involved);
        int gone = found.isEmpty() ? 0 : kernel.delete(found);
        more = found.size() == MOST_AT_ONCE && gone > 0;
      } while (more);
    }
  }

  private static List<ConntrackEntry> find(
      ConntrackKernel kernel, ConntrackFilter filter, InvolvedEntries involved) throws IOException {
    List<ConntrackEntry> found = new ArrayList<>();
    kernel.dump(
        filter,
        entry -> {
          if (found.size() < MOST_AT_ONCE && involved.contains(entry)) {
            found.add(entry);
          }
        });
    return found;
  }
}
