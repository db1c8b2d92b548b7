package io.fairlead.dataplane.netlink.conntrack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A table of flows in memory, for tests. Its text has one line an entry, sorted. */
public final class FakeConntrack implements ConntrackKernel {

  private final List<ConntrackEntry> entries = new ArrayList<>();

  /** Adds an entry, which takes the place of one with the same tuple and zone. */
  public FakeConntrack add(ConntrackEntry entry) {
    entries.removeIf(other -> isSameFlow(other, entry));
    entries.add(entry);
    return this;
  }

  private static boolean isSameFlow(ConntrackEntry a, ConntrackEntry b) {
    return a.original().equals(b.original()) && a.zone().equals(b.zone());
  }

  @Override
  public void dump(ConntrackFilter filter, Handler handler) throws IOException {
    for (ConntrackEntry entry : entries) {
      if (filter.matches(entry)) {
        handler.entry(entry);
      }
    }
  }

  @Override
  public int delete(Collection<ConntrackEntry> unwanted) {
    int before = entries.size();
    entries.removeIf(entry ->
        unwanted.stream().anyMatch(gone -> isSameFlow(entry, gone) && entry.id() == gone.id()));
    return before - entries.size();
  }

  @Override
  public long count() {
    return entries.size();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return entries.stream()
        .sorted(ConntrackEntry.ORDER)
        .map(entry -> entry + "\n")
        .collect(Collectors.joining());
  }
}
