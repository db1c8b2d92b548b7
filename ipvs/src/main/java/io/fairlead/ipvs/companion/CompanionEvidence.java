package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import io.fairlead.dataplane.table.TableEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the table has of one address, in the order in which packets meet it. */
final class CompanionEvidence {

  private CompanionEvidence() {}

  /**
   * Reads it now.
   *
   * @param treatment null if the address should not be there
   * @param hairpins endpoints of the address that are counted as such
   */
  static List<KernelObject> read(
      NfTablesKernel kernel,
      VirtualAddress address,
      @Nullable AddressTreatment treatment,
      List<IpAddress> hairpins)
      throws IOException {
    Map<NfSet, List<SetElement>> wanted = wanted(address, treatment);
    CompanionSets sets = CompanionSets.of(address.family());
    TableEvidence evidence = new TableEvidence(kernel);
    Bytes key = ServiceKeys.key(address);
    List<NfSet> order = new ArrayList<>(List.of(sets.restricted(), sets.allowed(), sets.blocked()));
    order.addAll(
        List.of(
            sets.refusedInside(),
            sets.refusedOutside(),
            sets.droppedInside(),
            sets.droppedOutside()));
    for (Client client : Client.values()) {
      order.add(sets.masquerade(client));
    }
    order.addAll(List.of(sets.insideMarks(), sets.virtualServers()));
    for (NfSet set : order) {
      List<SetElement> elements = wanted.getOrDefault(set, List.of());
      for (SetElement element : elements) {
        evidence.element(set, element);
      }
      if (elements.isEmpty() && !set.equals(sets.allowed())) {
        evidence.unwanted(set, key);
      }
    }
    if (treatment != null && treatment.virtual()) {
      evidence.element(sets.virtual(), ServiceKeys.address(address.address()));
    }
    for (IpAddress endpoint : hairpins) {
      evidence.element(
          CompanionSets.of(endpoint.family()).hairpins(), ServiceKeys.hairpin(endpoint));
    }
    return evidence.objects();
  }

  private static Map<NfSet, List<SetElement>> wanted(
      VirtualAddress address, @Nullable AddressTreatment treatment) {
    Map<NfSet, List<SetElement>> wanted = new HashMap<>();
    if (treatment != null) {
      TreatmentElements.add(
          address,
          treatment,
          new ElementSink() {
            @Override
            public void add(NfSet set, SetElement element) {
              wanted.computeIfAbsent(set, _ -> new ArrayList<>()).add(element);
            }

            @Override
            public void remove(NfSet set, SetElement element) {
              throw new IllegalStateException("what is wanted has no removals");
            }
          });
    }
    return wanted;
  }
}
