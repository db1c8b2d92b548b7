package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The elements that are in the kernel and that nobody has asked for yet. What is asked for and not
 * there, or different, becomes a change.
 */
final class PresentElements implements ElementSink {

  /** By the names of sets. */
  private final Map<String, Map<Bytes, SetElement>> elements = new HashMap<>();

  private final List<NfSet> sets;
  private final ElementChanges changes;

  PresentElements(@Nullable TableSnapshot snapshot, List<NfSet> sets, ElementChanges changes) {
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
  List<SetElement> unclaimed(NfSet set) {
    return List.copyOf(of(set).values());
  }

  /** The endpoints of an address from a slot on up to the first gap. */
  List<EndpointAddress> slots(FrontendAddress address, int firstSlot) {
    Map<Bytes, SetElement> map = of(FrontendSets.of(address).endpoints());
    if (map.isEmpty()) {
      return List.of();
    }
    List<EndpointAddress> slots = new ArrayList<>();
    while (true) {
      SetElement element = map.get(ServiceElements.slotKey(address, firstSlot + slots.size()));
      if (element == null || !(element.data() instanceof ElementData.OfValue value)) {
        return slots;
      }
      slots.add(ServiceElements.endpoint(value.value(), address.family()));
    }
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
  void removeLeftovers() {
    for (NfSet set : sets) {
      of(set).values().forEach(element -> changes.remove(set, element));
    }
    elements.clear();
  }
}
