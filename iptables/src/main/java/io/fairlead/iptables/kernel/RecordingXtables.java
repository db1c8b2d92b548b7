package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reads from another kernel and changes nothing there: what would be committed is remembered
 * instead. What is read afterwards does not show it. Not thread-safe.
 */
public final class RecordingXtables implements XtablesKernel {

  /** A table of a family. */
  public record Key(AddressFamily family, IptablesTable table) {}

  private final XtablesKernel kernel;
  private final Map<Key, XtablesSnapshot> found = new LinkedHashMap<>();
  private final Map<Key, List<XtablesChange>> changes = new LinkedHashMap<>();

  /** Nothing is recorded yet. The caller keeps {@code kernel}. */
  public RecordingXtables(XtablesKernel kernel) {
    this.kernel = kernel;
  }

  /** What was read, as it was the first time. */
  public Map<Key, XtablesSnapshot> found() {
    return new LinkedHashMap<>(found);
  }

  /** What would have been committed, in order. */
  public List<XtablesChange> changes(Key key) {
    return List.copyOf(changes.getOrDefault(key, List.of()));
  }

  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable table) throws IOException {
    XtablesSnapshot snapshot = kernel.read(family, table);
    found.putIfAbsent(new Key(family, table), snapshot);
    return snapshot;
  }

  @Override
  public CompletableFuture<Void> commit(
      AddressFamily family, IptablesTable table, XtablesChange change) {
    changes.computeIfAbsent(new Key(family, table), _ -> new ArrayList<>()).add(change);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void cleanup() throws IOException {
    for (Map.Entry<Key, XtablesSnapshot> each : found.entrySet()) {
      XtablesSnapshot snapshot = each.getValue();
      List<String> chains = List.copyOf(snapshot.chains().keySet());
      XtablesChange removal = new XtablesChange(Map.of(), chains, List.of(), snapshot.jumps());
      commit(each.getKey().family(), each.getKey().table(), removal).join();
    }
  }

  /** Leaves the other kernel open. */
  @Override
  public void close() {}
}
