package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what happens to elements and reduces it to one removal and one addition per set: first
 * all removals, then all additions. An element that comes and goes leaves no trace. Not
 * thread-safe.
 */
public final class ElementChanges implements ElementSink {

  private static final class OfSet {
    private final Map<Bytes, SetElement> removed = new LinkedHashMap<>();
    private final Map<Bytes, SetElement> added = new LinkedHashMap<>();
  }

  private final Map<String, NfSet> sets = new LinkedHashMap<>();
  private final Map<String, OfSet> changes = new LinkedHashMap<>();

  private OfSet of(NfSet set) {
    sets.putIfAbsent(set.name(), set);
    return changes.computeIfAbsent(set.name(), _ -> new OfSet());
  }

  @Override
  public void remove(NfSet set, SetElement element) {
    OfSet change = of(set);
    if (change.added.remove(element.key()) == null) {
      change.removed.put(element.key(), element);
    }
  }

  @Override
  public void add(NfSet set, SetElement element) {
    OfSet change = of(set);
    if (!change.removed.remove(element.key(), element)) {
      change.added.put(element.key(), element);
    }
  }

  /** The number of elements that come or go. */
  public int size() {
    int size = 0;
    for (OfSet change : changes.values()) {
      size += change.removed.size() + change.added.size();
    }
    return size;
  }

  /** Forgets everything. */
  public void clear() {
    changes.clear();
  }

  /** The removals, one operation per set. */
  public List<NfOperation> removals() {
    List<NfOperation> operations = new ArrayList<>();
    changes.forEach((name, change) -> {
      NfSet set = sets.get(name);
      if (set != null && !change.removed.isEmpty()) {
        operations.add(new NfOperation.DeleteElements(set, List.copyOf(change.removed.values())));
      }
    });
    return operations;
  }

  /** The additions, one operation per set; they come after the removals. */
  public List<NfOperation> additions() {
    List<NfOperation> operations = new ArrayList<>();
    changes.forEach((name, change) -> {
      NfSet set = sets.get(name);
      if (set != null && !change.added.isEmpty()) {
        operations.add(new NfOperation.AddElements(set, List.copyOf(change.added.values())));
      }
    });
    return operations;
  }
}
