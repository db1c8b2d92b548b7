package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ElementCounter;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.service.FrontendAddress;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * What the kernel has counted for Services. Counts begin when an address is added, and end with it.
 *
 * @param byAddress for each address that the kernel has
 */
public record ServiceCounters(Map<FrontendAddress, Counts> byAddress) {

  /** Where there are no Services. */
  static final ServiceCounters NONE = new ServiceCounters(Map.of());

  /**
   * The counts of one address.
   *
   * @param connections that were sent to an endpoint
   * @param packets of these connections, in both directions
   * @param bytes of these packets, with their network headers
   * @param refused first packets of clients that were told that there is no endpoint
   * @param dropped first packets of clients that may not use the address, or for which there is no
   *     endpoint here
   */
  public record Counts(long connections, long packets, long bytes, long refused, long dropped) {

    private static final Counts ZERO = new Counts(0, 0, 0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(
          connections + other.connections,
          packets + other.packets,
          bytes + other.bytes,
          refused + other.refused,
          dropped + other.dropped);
    }
  }

  public ServiceCounters {
    byAddress = Collections.unmodifiableMap(byAddress);
  }

  /**
   * Reads the counters of a table that has Services.
   *
   * @param kernel used by nobody else meanwhile
   * @throws IOException if the kernel refuses, such as for a table without Services
   */
  public static ServiceCounters read(NfTablesKernel kernel) throws IOException {
    Reader reader = new Reader(kernel, new HashMap<>());
    for (AddressFamily family : AddressFamily.values()) {
      ServiceSets sets = ServiceSets.of(family);
      reader.add(sets.virtual());
      reader.add(sets.nodePorts());
      reader.add(sets.virtual(), sets.blocked(), Reader::dropped);
    }
    return new ServiceCounters(reader.counts);
  }

  /** What a counter of a set says. */
  private interface Meaning {
    Counts of(ElementCounter counter);
  }

  private record Reader(NfTablesKernel kernel, Map<FrontendAddress, Counts> counts) {

    void add(FrontendSets sets) throws IOException {
      add(sets, sets.connections(), c -> new Counts(c.packets(), 0, 0, 0, 0));
      add(sets, sets.traffic(), c -> new Counts(0, c.packets(), c.bytes(), 0, 0));
      add(sets, sets.refused(), c -> new Counts(0, 0, 0, c.packets(), 0));
      add(sets, sets.dropped(), Reader::dropped);
      add(sets, sets.localDropped(), Reader::dropped);
    }

    static Counts dropped(ElementCounter counter) {
      return new Counts(0, 0, 0, 0, counter.packets());
    }

    void add(FrontendSets sets, NfSet set, Meaning meaning) throws IOException {
      BinaryOperator<Counts> sum = Counts::plus;
      for (ElementCounter counter : kernel.counters(set)) {
        FrontendAddress address = sets.address(counter.key(), 0);
        if (address != null) {
          counts.merge(address, Counts.ZERO.plus(meaning.of(counter)), sum);
        }
      }
    }
  }
}
