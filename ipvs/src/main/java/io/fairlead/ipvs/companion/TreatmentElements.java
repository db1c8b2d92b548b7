package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import org.jspecify.annotations.Nullable;

/** What an address's treatment is in the table, apart from what it shares with others. */
final class TreatmentElements {

  private TreatmentElements() {}

  /** Adds the elements of an address. */
  static void add(VirtualAddress address, AddressTreatment treatment, ElementSink sink) {
    CompanionSets sets = CompanionSets.of(address.family());
    Bytes key = ServiceKeys.key(address);
    SetElement plain = SetElement.of(key);
    if (treatment.served()) {
      sink.add(sets.virtualServers(), plain);
    }
    for (Client client : Client.values()) {
      if (client.isMasqueraded(treatment.masquerade())) {
        sink.add(sets.masquerade(client), plain);
      }
    }
    if (treatment.insideMark() != 0) {
      sink.add(sets.insideMarks(), SetElement.of(key, Bytes.u32(treatment.insideMark())));
    }
    addAbsence(treatment.inside(), sets.refusedInside(), sets.droppedInside(), plain, sink);
    addAbsence(treatment.outside(), sets.refusedOutside(), sets.droppedOutside(), plain, sink);
    if (treatment.allowedSources() != null) {
      sink.add(sets.restricted(), plain);
      sink.add(sets.blocked(), plain);
      Cidr.disjoint(treatment.allowedSources())
          .forEach(clients -> sink.add(sets.allowed(), ServiceKeys.allowed(address, clients)));
    }
  }

  private static void addAbsence(
      @Nullable Absence absence, NfSet refused, NfSet dropped, SetElement plain, ElementSink sink) {
    if (absence != null) {
      sink.add(
          switch (absence) {
            case REFUSE -> refused;
            case DROP -> dropped;
          },
          plain);
    }
  }
}
