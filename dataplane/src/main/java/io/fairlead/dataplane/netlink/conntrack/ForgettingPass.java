package io.fairlead.dataplane.netlink.conntrack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the kernel forget entries. The table is streamed past: only entries to be deleted are kept,
 * and no more than a few thousand of them at a time.
 */
public final class ForgettingPass {

  /** Deleted together before the table is read anew; about a megabyte. */
  public static final int MOST_AT_ONCE = 4096;

  private ForgettingPass() {}

  /** Says which entries are meant. It must not call the kernel object that the pass reads. */
  @FunctionalInterface
  public interface Choice {
    boolean contains(ConntrackEntry entry) throws IOException;
  }

  /**
   * Returns when there are none left that were there at the beginning.
   *
   * @param filters what the kernel shows of its table; an entry may match several
   * @return how many were deleted
   * @throws IOException if some may be left
   */
  public static int run(ConntrackKernel kernel, List<ConntrackFilter> filters, Choice choice)
      throws IOException {
    int deleted = 0;
    for (ConntrackFilter filter : filters) {
      boolean more;
      do {
        List<ConntrackEntry> found = find(kernel, filter, choice);
        int gone = found.isEmpty() ? 0 : kernel.delete(found);
        deleted += gone;
        more = found.size() == MOST_AT_ONCE && gone > 0;
      } while (more);
    }
    return deleted;
  }

  private static List<ConntrackEntry> find(
      ConntrackKernel kernel, ConntrackFilter filter, Choice choice) throws IOException {
    List<ConntrackEntry> found = new ArrayList<>();
    kernel.dump(
        filter,
        entry -> {
          if (found.size() < MOST_AT_ONCE && choice.contains(entry)) {
            found.add(entry);
          }
        });
    return found;
  }
}
