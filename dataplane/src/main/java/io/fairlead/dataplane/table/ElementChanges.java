package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what happens to elements and reduces it to one removal and one addition per set: first
 * all removals, then all additions. An element that comes and goes leaves no trace. Not
 * thread-safe.
 */
public final class ElementChanges implements ElementSink {

  private static final class OfSet {
    private final Map<Bytes, SetElement> removed = new LinkedHashMap<>();
    private final Map<Bytes, SetElement> added = new LinkedHashMap<>();

    /** The removals of which {@code replaced} is true if others come in their place. */
    private List<SetElement> removed(NfSet set, boolean replaced) {
      if (removed.isEmpty()) {
        return List.of();
      }
      // Ranges that begin alike may overlap: the kernel does not take both.
      int prefix = set.intervals() ? lengthBeforeLast(set) : 0;
      Set<Bytes> places = new HashSet<>();
      added.keySet().forEach(key -> places.add(set.intervals() ? key.slice(0, prefix) : key));
      return removed.values().stream()
          .filter(element ->
              places.contains(set.intervals() ? element.key().slice(0, prefix) : element.key())
                  == replaced)
          .toList();
    }

    private static int lengthBeforeLast(NfSet set) {
      return set.key().stream().limit(set.key().size() - 1).mapToInt(Field::paddedLength).sum();
    }
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

  /**
   * The removals that go together with the additions: of elements in whose place others come. In a
   * set of ranges these are all that differ from an addition in the last field alone.
   */
  public List<NfOperation> replacedRemovals() {
    return removals(true);
  }

  /** All other removals: what goes without anything in its place. */
  public List<NfOperation> pureRemovals() {
    return removals(false);
  }

  private List<NfOperation> removals(boolean replaced) {
    List<NfOperation> operations = new ArrayList<>();
    changes.forEach((name, change) -> {
      NfSet set = sets.get(name);
      List<SetElement> elements = set == null ? List.of() : change.removed(set, replaced);
      if (set != null && !elements.isEmpty()) {
        operations.add(new NfOperation.DeleteElements(set, elements));
      }
    });
    return operations;
  }

  /** Forgets all but {@link #pureRemovals}: the rest is done. */
  public void keepPureRemovals() {
    changes.forEach((name, change) -> {
      NfSet set = sets.get(name);
      if (set != null) {
        change.removed(set, true).forEach(element -> change.removed.remove(element.key()));
      }
      change.added.clear();
    });
  }

  /** Forgets {@link #pureRemovals}: they are done. */
  public void forgetPureRemovals() {
    changes.forEach((name, change) -> {
      NfSet set = sets.get(name);
      if (set != null) {
        change.removed(set, false).forEach(element -> change.removed.remove(element.key()));
      }
    });
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
