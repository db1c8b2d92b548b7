package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ElementCounter;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ServiceKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What the kernel has counted of clients that the table kept from IPVS. */
public final class RefusalCounters {

  /**
   * The counts of one address, since it has been treated like this.
   *
   * @param refused first packets of clients that were told that there is no endpoint
   * @param dropped first packets of clients that may not use the address, or for which there is no
   *     endpoint here
   */
  public record Counts(long refused, long dropped) {

    Counts plus(Counts other) {
      return new Counts(refused + other.refused, dropped + other.dropped);
    }
  }

  private RefusalCounters() {}

  /**
   * Reads all of them: for when somebody asks.
   *
   * @param kernel used by nobody else meanwhile
   * @return only those of addresses that refuse or drop somebody
   * @throws IOException if the kernel refuses, such as if there is no table
   */
  public static Map<VirtualAddress, Counts> read(NfTablesKernel kernel) throws IOException {
    Map<VirtualAddress, Counts> counts = new HashMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      CompanionSets sets = CompanionSets.of(family);
      for (NfSet set : new NfSet[] {sets.refusedInside(), sets.refusedOutside()}) {
        add(kernel, set, family, true, counts);
      }
      for (NfSet set : new NfSet[] {sets.droppedInside(), sets.droppedOutside(), sets.blocked()}) {
        add(kernel, set, family, false, counts);
      }
    }
    return counts;
  }

  private static void add(
      NfTablesKernel kernel,
      NfSet set,
      AddressFamily family,
      boolean refused,
      Map<VirtualAddress, Counts> counts)
      throws IOException {
    for (ElementCounter counter : kernel.counters(set)) {
      VirtualAddress address = ServiceKeys.virtualAddress(counter.key(), 0, family);
      if (address != null) {
        long packets = counter.packets();
        counts.merge(
            address, refused ? new Counts(packets, 0) : new Counts(0, packets), Counts::plus);
      }
    }
  }
}
