package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ServiceKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run left in the table and IPVS cannot tell by itself.
 *
 * @param served the virtual servers by address that are fairlead's
 * @param insideMarks which address leads clients inside to which virtual server by mark
 */
public record Found(Set<VirtualAddress> served, Map<VirtualAddress, Integer> insideMarks) {

  public Found {
    served = Set.copyOf(served);
    insideMarks = Map.copyOf(insideMarks);
  }

  /** What a snapshot says; nothing where there is no table. */
  static Found in(@Nullable TableSnapshot snapshot) {
    Set<VirtualAddress> served = new HashSet<>();
    Map<VirtualAddress, Integer> marks = new HashMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      CompanionSets sets = CompanionSets.of(family);
      for (SetElement element : elements(snapshot, sets.virtualServers())) {
        VirtualAddress address = ServiceKeys.virtualAddress(element.key(), 0, family);
        if (address != null) {
          served.add(address);
        }
      }
      for (SetElement element : elements(snapshot, sets.insideMarks())) {
        VirtualAddress address = ServiceKeys.virtualAddress(element.key(), 0, family);
        if (address != null
            && element.data() instanceof ElementData.OfValue value
            && value.value().length() == Integer.BYTES) {
          marks.put(address, value.value().u32At(0));
        }
      }
    }
    return new Found(served, marks);
  }

  /** Without those of a set that another version made with other keys. */
  private static List<SetElement> elements(@Nullable TableSnapshot snapshot, NfSet set) {
    int length = FieldList.length(set.key());
    return snapshot == null
        ? List.of()
        : snapshot.elements(set.name()).stream()
            .filter(element -> element.key().length() == length)
            .toList();
  }
}
