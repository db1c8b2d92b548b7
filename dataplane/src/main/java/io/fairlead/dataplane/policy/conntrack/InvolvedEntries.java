package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells the entries that have some addresses at an end of either tuple. Those in a zone of their
 * own are another's business and never among them. Immutable.
 */
record InvolvedEntries(Set<IpAddress> addresses) {

  InvolvedEntries {
    addresses = Set.copyOf(addresses);
  }

  boolean contains(ConntrackEntry entry) {
    return entry.zone().equals(ConntrackZone.DEFAULT)
        && (involves(entry.original()) || involves(entry.reply()));
  }

  private boolean involves(ConntrackTuple tuple) {
    return addresses.contains(tuple.source()) || addresses.contains(tuple.destination());
  }

  /**
   * What the kernel is asked for, one after the other: all of a family, but of a single IPv4
   * address only what has it. An entry may match several.
   */
  List<ConntrackFilter> filters() {
    List<ConntrackFilter> filters = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      List<IpAddress> wanted =
          addresses.stream().filter(address -> address.family() == family).toList();
      if (wanted.size() == 1 && family == AddressFamily.IPV4) {
        TupleFilter from = TupleFilter.from(wanted.getFirst());
        TupleFilter to = TupleFilter.to(wanted.getFirst());
        filters.add(ConntrackFilter.ALL.withOriginal(from));
        filters.add(ConntrackFilter.ALL.withOriginal(to));
        filters.add(ConntrackFilter.ALL.withReply(from));
        filters.add(ConntrackFilter.ALL.withReply(to));
      } else if (!wanted.isEmpty()) {
        filters.add(ConntrackFilter.ALL.withFamily(family));
      }
    }
    return filters;
  }
}
