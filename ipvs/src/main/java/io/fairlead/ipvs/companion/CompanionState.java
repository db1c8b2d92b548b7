package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.CountedElements;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the table was asked to hold: the mirror of its elements. A change yields the elements that
 * differ and is remembered at once; if it cannot be committed, the state is to be thrown away.
 */
final class CompanionState {

  private final Map<VirtualAddress, AddressTreatment> treatments = new HashMap<>();

  /** By how many ports of Services an address is used. */
  private final CountedElements virtual = new CountedElements();

  private final CountedElements hairpins = new CountedElements();

  /** Treats an address like this; null if no Service has it. */
  void treat(VirtualAddress address, @Nullable AddressTreatment wanted, ElementSink sink) {
    AddressTreatment before =
        wanted == null ? treatments.remove(address) : treatments.put(address, wanted);
    if (before != null) {
      TreatmentElements.add(address, before, sink.reversed());
    }
    if (wanted != null) {
      TreatmentElements.add(address, wanted, sink);
    }
    int difference = count(wanted) - count(before);
    if (difference != 0) {
      IpAddress ip = address.address();
      CompanionSets sets = CompanionSets.of(address.family());
      virtual.count(ip, difference, sets.virtual(), ServiceKeys.address(ip), sink);
    }
  }

  /** How an address is treated; null if no Service has it. */
  @Nullable AddressTreatment treatment(VirtualAddress address) {
    return treatments.get(address);
  }

  private static int count(@Nullable AddressTreatment treatment) {
    return treatment != null && treatment.virtual() ? 1 : 0;
  }

  void hairpin(IpAddress endpoint, int difference, ElementSink sink) {
    CompanionSets sets = CompanionSets.of(endpoint.family());
    hairpins.count(endpoint, difference, sets.hairpins(), ServiceKeys.hairpin(endpoint), sink);
  }
}
