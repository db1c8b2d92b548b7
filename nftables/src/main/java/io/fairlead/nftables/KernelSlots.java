package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which slots endpoints have in the kernel, so that a start moves none of them. */
final class KernelSlots {

  private final Map<VirtualAddress, TreeMap<Integer, EndpointAddress>> slots = new HashMap<>();

  KernelSlots(@Nullable TableSnapshot snapshot) {
    if (snapshot != null) {
      for (AddressFamily family : AddressFamily.values()) {
        String map = FamilySets.of(family).endpoints().name();
        snapshot.elements(map).forEach(element -> add(element, family));
      }
    }
  }

  private void add(SetElement element, AddressFamily family) {
    VirtualAddress address = ServiceElements.virtualAddress(element.key(), family);
    if (address != null && element.data() instanceof ElementData.OfValue value) {
      slots
          .computeIfAbsent(address, _ -> new TreeMap<>())
          .put(
              ServiceElements.slot(element.key()), ServiceElements.endpoint(value.value(), family));
    }
  }

  /** The slots of an address from 0 up to the first gap. */
  List<EndpointAddress> of(VirtualAddress address) {
    Map<Integer, EndpointAddress> present = slots.getOrDefault(address, new TreeMap<>());
    List<EndpointAddress> result = new ArrayList<>(present.size());
    for (EndpointAddress endpoint = present.get(0);
        endpoint != null;
        endpoint = present.get(result.size())) {
      result.add(endpoint);
    }
    return result;
  }
}
