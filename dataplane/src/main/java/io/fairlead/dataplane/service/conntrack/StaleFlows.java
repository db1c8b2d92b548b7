package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells flows that must begin anew: those to one of some UDP frontends that were sent to what does
 * not serve it any more, and those that came before there was anything to send them to. Of TCP,
 * attempts that were not translated and that nobody answered: repeated, or made again from the same
 * port, they would go the same way. TCP connections stay where they are. Immutable.
 *
 * @param frontends each with what serves it now; none if it is nobody's any more
 * @param nodePortAddresses where node ports are served
 */
record StaleFlows(
    Map<FrontendAddress, Set<EndpointAddress>> frontends, Set<IpAddress> nodePortAddresses) {

  StaleFlows {
    frontends = Map.copyOf(frontends);
    nodePortAddresses = Set.copyOf(nodePortAddresses);
  }

  boolean contains(ConntrackEntry entry) {
    Protocol protocol = protocol(entry);
    if (protocol == null
        || !(entry.original().key() instanceof Ports asked)
        || !(entry.reply().key() instanceof Ports answered)) {
      return false;
    }
    IpAddress destination = entry.original().destination();
    Set<EndpointAddress> serving = serving(destination, protocol, asked.destination());
    if (serving == null) {
      return false;
    }
    EndpointAddress sentTo = new EndpointAddress(entry.reply().source(), answered.source());
    if (serving.contains(sentTo)) {
      return false;
    }
    boolean translated = !sentTo.equals(new EndpointAddress(destination, asked.destination()));
    if (protocol == Protocol.TCP && translated) {
      return false;
    }
    // Without endpoints a flow that was not translated is not the Service's doing.
    return translated || !serving.isEmpty();
  }

  /** Of a flow that may be stale; null if it is not. */
  private static @Nullable Protocol protocol(ConntrackEntry entry) {
    return switch (entry.protocol()) {
      case ConntrackTuple.UDP -> Protocol.UDP;
      case ConntrackTuple.TCP -> entry.has(ConntrackStatus.SEEN_REPLY) ? null : Protocol.TCP;
      default -> null;
    };
  }

  private @Nullable Set<EndpointAddress> serving(IpAddress address, Protocol protocol, int port) {
    Set<EndpointAddress> serving = frontends.get(new VirtualAddress(address, protocol, port));
    return serving == null && nodePortAddresses.contains(address)
        ? frontends.get(new NodePort(address.family(), protocol, port))
        : serving;
  }

  /** What the kernel is asked for: one filter per family and protocol, and the frontend if one. */
  List<ConntrackFilter> filters() {
    List<ConntrackFilter> filters = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      add(family, Protocol.UDP, ConntrackTuple.UDP, filters);
      add(family, Protocol.TCP, ConntrackTuple.TCP, filters);
    }
    return filters;
  }

  private void add(
      AddressFamily family, Protocol protocol, int number, List<ConntrackFilter> filters) {
    List<FrontendAddress> wanted =
        frontends.keySet().stream()
            .filter(address -> address.family() == family && address.protocol() == protocol)
            .toList();
    ConntrackFilter all = ConntrackFilter.ALL.withFamily(family).withProtocol(number);
    if (wanted.size() == 1) {
      filters.add(all.withOriginal(destination(wanted.getFirst())));
    } else if (!wanted.isEmpty()) {
      filters.add(all);
    }
  }

  private static TupleFilter destination(FrontendAddress frontend) {
    return switch (frontend) {
      case VirtualAddress virtual -> TupleFilter.to(virtual.address(), virtual.port());
      case NodePort nodePort -> TupleFilter.toPort(nodePort.port());
    };
  }
}
