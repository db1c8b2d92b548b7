package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.table.PresentElements;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Numbers the endpoints of a virtual address from 0 without gaps, moving as few as possible. */
final class Slots {

  private Slots() {}

  /**
   * Who gets which slot. An endpoint keeps its slot if that is below the new number of endpoints;
   * the slots that become free go to new endpoints and to those that were beyond it.
   *
   * @param before the slots until now; what is not wanted any more, or repeated, loses its slot
   */
  static List<EndpointAddress> assign(List<EndpointAddress> before, List<EndpointAddress> wanted) {
    if (before.equals(wanted)) {
      return before;
    }
    Set<EndpointAddress> homeless = new LinkedHashSet<>(wanted);
    int size = homeless.size();
    Set<Integer> kept = new HashSet<>();
    for (int i = 0; i < Math.min(size, before.size()); i++) {
      if (homeless.remove(before.get(i))) {
        kept.add(i);
      }
    }
    List<EndpointAddress> result = new ArrayList<>(size);
    var next = homeless.iterator();
    for (int i = 0; i < size; i++) {
      result.add(kept.contains(i) ? before.get(i) : next.next());
    }
    return List.copyOf(result);
  }

  /** The endpoints that the kernel has for an address from a slot on up to the first gap. */
  static List<EndpointAddress> present(
      PresentElements present, FrontendAddress address, int firstSlot) {
    NfSet set = FrontendSets.of(address).endpoints();
    List<EndpointAddress> slots = new ArrayList<>();
    while (true) {
      Bytes key = ServiceElements.slotKey(address, firstSlot + slots.size());
      SetElement element = present.unclaimed(set, key);
      if (element == null || !(element.data() instanceof ElementData.OfValue value)) {
        return slots;
      }
      slots.add(ServiceElements.endpoint(value.value(), address.family()));
    }
  }
}
