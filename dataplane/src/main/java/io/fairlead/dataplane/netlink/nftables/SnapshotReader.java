package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a table until nothing changed between the first and the last. */
final class SnapshotReader {

  /**
   * Sets with fewer elements are dumped. Up to here it takes less time than reading by keys, which
   * costs a message for each.
   */
  static final int KEYED_FROM = 50_000;

  /** So often a set is dumped until as many elements came as the kernel counts. */
  private static final int DUMPS = 4;

  private final NfTablesKernel kernel;
  private final TableName name;
  private final KeySource keys;

  private SnapshotReader(NfTablesKernel kernel, TableName name, KeySource keys) {
    this.kernel = kernel;
    this.name = name;
    this.keys = keys;
  }

  static Optional<TableSnapshot> read(NfTablesKernel kernel, TableName name, KeySource keys)
      throws IOException {
    return new SnapshotReader(kernel, name, keys).read();
  }

  private Optional<TableSnapshot> read() throws IOException {
    for (int i = 0; i < NfTablesKernel.SNAPSHOT_TRIES; i++) {
      long before = kernel.generation();
      @Nullable TableSnapshot snapshot;
      try {
        snapshot = tryRead(before);
      } catch (NetlinkException e) {
        if (e.isNotFound() && kernel.generation() != before) {
          continue; // A part went away while it was read.
        }
        throw e;
      }
      if (kernel.generation() == before) {
        return Optional.ofNullable(snapshot);
      }
    }
    throw new NetlinkException(
        "read table " + name,
        Errno.EINTR,
        "the ruleset changed during each of " + NfTablesKernel.SNAPSHOT_TRIES + " tries",
        -1,
        0);
  }

  /** Null if there is no such table, or if the generation is another already. */
  private @Nullable TableSnapshot tryRead(long generation) throws IOException {
    NfTable table = null;
    for (NfTable candidate : kernel.tables()) {
      if (candidate.name().equals(name)) {
        table = candidate;
      }
    }
    if (table == null) {
      return null;
    }
    List<NfSet> sets = kernel.sets(name);
    Map<String, List<SetElement>> elements = elements(sets, generation);
    return elements == null
        ? null
        : new TableSnapshot(
            generation,
            table,
            kernel.chains(name),
            kernel.rules(name),
            sets,
            elements,
            kernel.counters(name));
  }

  /** By the names of sets; null if the generation is another already. */
  private @Nullable Map<String, List<SetElement>> elements(List<NfSet> sets, long generation)
      throws IOException {
    // Packets change dynamic sets while they are read.
    List<NfSet> lasting = sets.stream().filter(set -> !set.dynamic()).toList();
    Map<String, Long> counts = kernel.elementCounts(name);
    Map<String, List<SetElement>> elements = new HashMap<>();
    for (NfSet set : lasting) {
      if (!keys.describes(set)) {
        elements.put(set.name(), dump(set, counts.get(set.name())));
      }
    }
    Map<String, List<SetElement>> others = Collections.unmodifiableMap(new HashMap<>(elements));
    for (NfSet set : lasting.stream().filter(keys::describes).toList()) {
      ExpectedKeys expected = keys.keys(set, others);
      Long count = counts.get(set.name());
      List<SetElement> found = null;
      if (expected.count() >= KEYED_FROM && set.hasPlainKeys()) {
        found = count != null && count == expected.count() ? kernel.elements(set, expected) : null;
        if (found == null && kernel.generation() != generation) {
          return null; // A dump would be in vain.
        }
      }
      elements.put(set.name(), found == null ? dump(set, count) : found);
    }
    return elements;
  }

  /**
   * While the kernel enlarges a hash table, which it does behind the transaction that added much, a
   * dump lacks elements and has others twice. That is no change, and no generation tells of it.
   *
   * @param count of elements by the kernel's account, or null if it gives none
   */
  private List<SetElement> dump(NfSet set, @Nullable Long count) throws IOException {
    List<SetElement> found = kernel.elements(set);
    for (int i = 1; i < DUMPS && !isWhole(found, set, count); i++) {
      found = kernel.elements(set);
    }
    return found;
  }

  private static boolean isWhole(List<SetElement> found, NfSet set, @Nullable Long count) {
    return count == null
        || !set.hasPlainKeys()
        || (found.size() == count && new HashSet<>(found).size() == count);
  }
}
