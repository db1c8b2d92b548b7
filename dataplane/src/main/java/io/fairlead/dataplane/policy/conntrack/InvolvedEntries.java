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
record InvolvedEntries(Predicate<IpAddress> addresses, List<ConntrackFilter> many) {

  /**
   * So many entries take about as long to be looked at as the kernel takes to walk once through a
   * table of 262,144 buckets, which is the same for an empty one.
   */
  static final int FEW = 4096;

  InvolvedEntries {
    many = List.copyOf(many);
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
   * What the kernel is asked for, one after the other; an entry may match several. Each filter
   * costs one walk through the table, which takes milliseconds of a processor, however few match.
   *
   * @param count how many entries there are
   */
  List<ConntrackFilter> filters(long count) {
    if (count == 0) {
      return List.of();
    }
    return count <= FEW ? List.of(ConntrackFilter.ALL) : many;
  }

  /** All of a family, but of a single IPv4 address only what has it. */
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
