package io.fairlead.dataplane.netlink.nftables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads from another kernel and changes nothing there: what would be committed is remembered
 * instead. What is read afterwards does not show it. Not thread-safe.
 */
public final class RecordingNfTables implements NfTablesKernel {

  private final NfTablesKernel kernel;
  private final List<NfOperation> operations = new ArrayList<>();
  private final Map<TableName, TableSnapshot> snapshots = new HashMap<>();

  /** Nothing is recorded yet. The caller keeps {@code kernel}. */
  public RecordingNfTables(NfTablesKernel kernel) {
    this.kernel = kernel;
  }

  /** What would have been committed, in order. */
  public List<NfOperation> operations() {
    return List.copyOf(operations);
  }

  /** The table as it was first read whole; null if it was not there, or not read whole. */
  public @Nullable TableSnapshot snapshot(TableName table) {
    return snapshots.get(table);
  }

  @Override
  public void commit(NfTransaction transaction) {
    operations.addAll(transaction.operations());
  }

  @Override
  public Optional<TableSnapshot> dump(TableName table, KeySource keys) throws IOException {
    Optional<TableSnapshot> snapshot = kernel.dump(table, keys);
    snapshot.ifPresent(read -> snapshots.putIfAbsent(table, read));
    return snapshot;
  }

  @Override
  public long generation() throws IOException {
    return kernel.generation();
  }

  @Override
  public List<NfTable> tables() throws IOException {
    return kernel.tables();
  }

  @Override
  public List<NfChain> chains(TableName table) throws IOException {
    return kernel.chains(table);
  }

  @Override
  public List<NfRule> rules(TableName table) throws IOException {
    return kernel.rules(table);
  }

  @Override
  public List<NfSet> sets(TableName table) throws IOException {
    return kernel.sets(table);
  }

  @Override
  public List<SetElement> elements(NfSet set) throws IOException {
    return kernel.elements(set);
  }

  @Override
  public List<ElementCounter> counters(NfSet set) throws IOException {
    return kernel.counters(set);
  }

  @Override
  public List<NfCounter> counters(TableName table) throws IOException {
    return kernel.counters(table);
  }

  /** Leaves the other kernel open. */
  @Override
  public void close() {}
}
