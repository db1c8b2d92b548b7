package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The elements that are in the kernel and that nobody has asked for yet. What is asked for and not
 * there, or different, becomes a change. Not thread-safe.
 */
public final class PresentElements implements ElementSink {

  /** By the names of sets. */
  private final Map<String, Map<Bytes, SetElement>> elements = new HashMap<>();

  private final List<NfSet> sets;
  private final ElementChanges changes;

  /**
   * Begins with all elements of a snapshot.
   *
   * @param snapshot null if there is no table
   * @param sets those whose elements count
   * @param changes gets what differs
   */
  public PresentElements(
      @Nullable TableSnapshot snapshot, List<NfSet> sets, ElementChanges changes) {
    this.sets = sets;
    this.changes = changes;
    for (NfSet set : sets) {
      List<SetElement> list = snapshot == null ? List.of() : snapshot.elements(set.name());
      if (!list.isEmpty()) {
        Map<Bytes, SetElement> byKey = HashMap.newHashMap(list.size());
        list.forEach(element -> byKey.put(element.key(), element));
        elements.put(set.name(), byKey);
      }
    }
  }

  private Map<Bytes, SetElement> of(NfSet set) {
    return elements.getOrDefault(set.name(), Map.of());
  }

  /** What is in the set and not asked for yet. */
  public List<SetElement> unclaimed(NfSet set) {
    return List.copyOf(of(set).values());
  }

  /** The element with this key, if it is there and not asked for yet. */
  public @Nullable SetElement unclaimed(NfSet set, Bytes key) {
    return of(set).get(key);
  }

  @Override
  public void add(NfSet set, SetElement element) {
    Map<Bytes, SetElement> map = of(set);
    SetElement found = map.isEmpty() ? null : map.remove(element.key());
    if (element.equals(found)) {
      return;
    }
    if (found != null) {
      changes.remove(set, found);
    }
    changes.add(set, element);
  }

  @Override
  public void remove(NfSet set, SetElement element) {
    changes.remove(set, element);
  }

  /** Removes what nobody has asked for. */
  public void removeLeftovers() {
    for (NfSet set : sets) {
      of(set).values().forEach(element -> changes.remove(set, element));
    }
    elements.clear();
  }
}
