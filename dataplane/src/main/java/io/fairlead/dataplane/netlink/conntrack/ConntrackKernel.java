package io.fairlead.dataplane.netlink.conntrack;

import java.io.IOException;
import java.util.Collection;

/**
 * The kernel's table of flows in one network namespace. {@link ConntrackSocket} is the real one,
 * {@link FakeConntrack} one for tests. Not thread-safe.
 */
public interface ConntrackKernel extends AutoCloseable {

  /** Sees entries one by one. It must not call the kernel object that calls it. */
  @FunctionalInterface
  interface Handler {
    void entry(ConntrackEntry entry) throws IOException;
  }

  /**
   * Hands every entry that matches to {@code handler}, in no particular order and without keeping
   * any. The table lives on meanwhile: an entry that comes or goes during the dump may be seen or
   * not, and one may be seen twice. What the handler throws first is thrown once the dump has
   * ended; no further entry is handed over then.
   */
  void dump(ConntrackFilter filter, Handler handler) throws IOException;

  /**
   * Forgets these very entries: one that has gone meanwhile, and even one whose tuple another entry
   * has taken, is passed over. The others are deleted whatever becomes of one.
   *
   * @return how many were deleted
   * @throws IOException the first failure, with the others suppressed in it
   */
  int delete(Collection<ConntrackEntry> entries) throws IOException;

  /** Entries of both families in the table now. */
  long count() throws IOException;

  @Override
  void close();
}
