package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table of flows in which each has a name, and which tells those that a cleanup took. */
final class Flows {

  private final FakeConntrack kernel = new FakeConntrack();
  private final Map<String, ConntrackEntry> named = new HashMap<>();

  FakeConntrack kernel() {
    return kernel;
  }

  /** A flow of a client at port 40000, whose answers come from {@code endpoint}. */
  Flows udp(String name, String destination, int port, String endpoint, int target) {
    return add(name, ConntrackTuple.UDP, destination, port, endpoint, target);
  }

  /** A flow that nobody translated, nor answered. */
  Flows untranslated(String name, String destination, int port) {
    return udp(name, destination, port, destination, port);
  }

  Flows add(String name, int protocol, String destination, int port, String endpoint, int target) {
    String client = destination.contains(":") ? "fd00:9::" : "10.9.0.";
    IpAddress from = IpAddress.parse(client + (named.size() + 1));
    ConntrackEntry entry =
        new ConntrackEntry(
            new ConntrackTuple(
                from, IpAddress.parse(destination), protocol, new TransportKey.Ports(40000, port)),
            new ConntrackTuple(
                IpAddress.parse(endpoint), from, protocol, new TransportKey.Ports(target, 40000)),
            ConntrackZone.DEFAULT,
            0,
            ConntrackStatus.CONFIRMED.mask(),
            30,
            named.size());
    named.put(name, entry);
    kernel.add(entry);
    return this;
  }

  /** Cleans up on a node that has 192.168.88.11 and fd00:88::11, and names what went. */
  List<String> cleanedBy(UdpCluster cluster) throws IOException {
    return cleanedBy(cluster.commit());
  }

  /** The same after the table was repaired. */
  List<String> cleanedByRepair(UdpCluster cluster) throws IOException {
    return cleanedBy(cluster.repair());
  }

  private List<String> cleanedBy(Map<FrontendAddress, Set<EndpointAddress>> frontends)
      throws IOException {
    NodePortAddresses own =
        () -> Set.of(IpAddress.parse("192.168.88.11"), IpAddress.parse("fd00:88::11"));
    Set<ConntrackEntry> before = all();
    int deleted = new FlowCleanup(kernel, own).run(frontends);
    Set<ConntrackEntry> left = all();
    List<String> gone = new ArrayList<>();
    named.forEach((name, entry) -> {
      if (before.contains(entry) && !left.contains(entry)) {
        gone.add(name);
      }
    });
    if (deleted != gone.size()) {
      throw new AssertionError(deleted + " were counted, but these are gone: " + gone);
    }
    return gone.stream().sorted().toList();
  }

  private Set<ConntrackEntry> all() throws IOException {
    Set<ConntrackEntry> entries = new HashSet<>();
    kernel.dump(ConntrackFilter.ALL, entries::add);
    return entries;
  }
}
