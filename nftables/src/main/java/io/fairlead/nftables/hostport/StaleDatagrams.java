package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells UDP flows that must begin anew: those that were sent to a pod whose host port is no more,
 * and those that came to the node itself before a pod had the port. UDP alone: a client that goes
 * on sending keeps such a flow alive for ever, while TCP and SCTP clients have to connect.
 * Immutable.
 *
 * @param removed host ports that are no more
 * @param added host ports that were not there
 * @param own the node's addresses
 */
record StaleDatagrams(Set<PortForward> removed, Set<PortForward> added, Set<IpAddress> own) {

  private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

  StaleDatagrams {
    removed = datagrams(removed);
    added = datagrams(added);
    own = Set.copyOf(own);
  }

  private static Set<PortForward> datagrams(Collection<PortForward> forwards) {
    Set<PortForward> some = new HashSet<>(forwards);
    some.removeIf(forward -> !isDatagram(forward));
    return Set.copyOf(some);
  }

  static boolean isDatagram(PortForward forward) {
    return forward.at().protocol() == Protocol.UDP;
  }

  boolean contains(ConntrackEntry entry) {
    if (entry.protocol() != ConntrackTuple.UDP
        || !entry.zone().equals(ConntrackZone.DEFAULT)
        || !(entry.original().key() instanceof Ports asked)
        || !(entry.reply().key() instanceof Ports answered)) {
      return false;
    }
    IpAddress destination = entry.original().destination();
    IpAddress answering = entry.reply().source();
    boolean translated = !answering.equals(destination) || answered.source() != asked.destination();
    if (!translated) {
      return isOwn(destination)
          && added.stream().anyMatch(forward -> isAt(forward.at(), destination, asked));
    }
    return removed.stream()
        .anyMatch(forward ->
            isAt(forward.at(), destination, asked)
                && forward.pod().equals(answering)
                && forward.podPort() == answered.source());
  }

  private boolean isOwn(IpAddress address) {
    return own.contains(address) || LOOPBACK.contains(address);
  }

  private static boolean isAt(HostSocket at, IpAddress destination, Ports asked) {
    return at.port() == asked.destination()
        && at.family() == destination.family()
        && (at.address() == null || at.address().equals(destination));
  }

  /** What the kernel is asked for: one filter per family, and just the port if it is one. */
  List<ConntrackFilter> filters() {
    List<ConntrackFilter> filters = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      List<Integer> ports =
          Stream.concat(removed.stream(), added.stream())
              .map(PortForward::at)
              .filter(at -> at.family() == family)
              .map(HostSocket::port)
              .distinct()
              .toList();
      ConntrackFilter udp = ConntrackFilter.ALL.withFamily(family).withProtocol(ConntrackTuple.UDP);
      if (ports.size() == 1) {
        filters.add(udp.withOriginal(TupleFilter.toPort(ports.getFirst())));
      } else if (!ports.isEmpty()) {
        filters.add(udp);
      }
    }
    return filters;
  }
}
