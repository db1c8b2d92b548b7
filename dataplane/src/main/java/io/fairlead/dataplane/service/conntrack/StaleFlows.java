package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
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
 * not serve it any more, and those that came before there was anything to send them to. Immutable.
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
    if (entry.protocol() != ConntrackTuple.UDP
        || !(entry.original().key() instanceof Ports asked)
        || !(entry.reply().key() instanceof Ports answered)) {
      return false;
    }
    IpAddress destination = entry.original().destination();
    Set<EndpointAddress> serving = serving(destination, asked.destination());
    if (serving == null) {
      return false;
    }
    EndpointAddress sentTo = new EndpointAddress(entry.reply().source(), answered.source());
    if (serving.contains(sentTo)) {
      return false;
    }
    boolean translated = !sentTo.equals(new EndpointAddress(destination, asked.destination()));
    // Without endpoints a flow that was not translated is not the Service's doing.
    return translated || !serving.isEmpty();
  }

  private @Nullable Set<EndpointAddress> serving(IpAddress address, int port) {
    Set<EndpointAddress> serving = frontends.get(new VirtualAddress(address, Protocol.UDP, port));
    return serving == null && nodePortAddresses.contains(address)
        ? frontends.get(new NodePort(address.family(), Protocol.UDP, port))
        : serving;
  }

  /** What the kernel is asked for: one filter per family, and just the frontend if it is one. */
  List<ConntrackFilter> filters() {
    List<ConntrackFilter> filters = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      List<FrontendAddress> wanted =
          frontends.keySet().stream().filter(address -> address.family() == family).toList();
      ConntrackFilter udp = ConntrackFilter.ALL.withFamily(family).withProtocol(ConntrackTuple.UDP);
      if (wanted.size() == 1) {
        filters.add(udp.withOriginal(destination(wanted.getFirst())));
      } else if (!wanted.isEmpty()) {
        filters.add(udp);
      }
    }
    return filters;
  }

  private static TupleFilter destination(FrontendAddress frontend) {
    return switch (frontend) {
      case VirtualAddress virtual -> TupleFilter.to(virtual.address(), virtual.port());
      case NodePort nodePort -> TupleFilter.toPort(nodePort.port());
    };
  }
}
