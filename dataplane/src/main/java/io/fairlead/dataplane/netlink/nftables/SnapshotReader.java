package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a table until nothing changed between the first and the last. */
final class SnapshotReader {

  private SnapshotReader() {}

  static Optional<TableSnapshot> read(NfTablesKernel kernel, TableName name) throws IOException {
    for (int i = 0; i < NfTablesKernel.SNAPSHOT_TRIES; i++) {
      long before = kernel.generation();
      @Nullable TableSnapshot snapshot;
      try {
        snapshot = tryRead(kernel, name, before);
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

  private static @Nullable TableSnapshot tryRead(
      NfTablesKernel kernel, TableName name, long generation) throws IOException {
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
    Map<String, List<SetElement>> elements = new HashMap<>();
    for (NfSet set : sets) {
      // Packets change dynamic sets while they are read.
      if (!set.dynamic()) {
        elements.put(set.name(), kernel.elements(set));
      }
    }
    return new TableSnapshot(
        generation,
        table,
        kernel.chains(name),
        kernel.rules(name),
        sets,
        elements,
        kernel.counters(name));
  }
}
