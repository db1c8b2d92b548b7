package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells the entries whose packets some addresses send or receive: those that one of them began, and
 * those that one of them answers. An address that packets only had before it was translated, or
 * while they were masqueraded, never sees them. Entries in a zone of their own are another's
 * business. Immutable.
 */
record InvolvedEntries(Predicate<IpAddress> addresses, List<ConntrackFilter> filters) {

  InvolvedEntries {
    filters = List.copyOf(filters);
  }

  static InvolvedEntries of(Set<IpAddress> addresses) {
    Set<IpAddress> some = Set.copyOf(addresses);
    return new InvolvedEntries(some::contains, filters(some));
  }

  /** Those of addresses that are told by another mark than being listed. */
  static InvolvedEntries ofAll(Predicate<IpAddress> addresses) {
    return new InvolvedEntries(addresses, List.of(ConntrackFilter.ALL));
  }

  boolean contains(ConntrackEntry entry) {
    return entry.zone().equals(ConntrackZone.DEFAULT)
        && (addresses.test(entry.original().source()) || addresses.test(entry.reply().source()));
  }

  /**
   * What the kernel is asked for, one after the other: all of a family, but of a single IPv4
   * address only what has it. An entry may match several.
   */
  private static List<ConntrackFilter> filters(Set<IpAddress> addresses) {
    List<ConntrackFilter> filters = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      List<IpAddress> wanted =
          addresses.stream().filter(address -> address.family() == family).toList();
      if (wanted.size() == 1 && family == AddressFamily.IPV4) {
        TupleFilter from = TupleFilter.from(wanted.getFirst());
        filters.add(ConntrackFilter.ALL.withOriginal(from));
        filters.add(ConntrackFilter.ALL.withReply(from));
      } else if (!wanted.isEmpty()) {
        filters.add(ConntrackFilter.ALL.withFamily(family));
      }
    }
    return filters;
  }
}
