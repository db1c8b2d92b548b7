package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.agent.server.SimulationReport.Connection;
import io.fairlead.agent.verify.Simulation;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv6Address;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.policy.conntrack.LocalFlows;
import io.fairlead.dataplane.policy.conntrack.LostConnections;
import io.fairlead.dataplane.policy.conntrack.LostConnections.Lost;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What policies would be in the kernel if the cluster were another, and whom they would cut. */
final class PolicySimulation {

  /** More connections than these tell nothing more. */
  private static final int MOST_CONNECTIONS = 1000;

  private PolicySimulation() {}

  /**
   * Builds what would be enforced from its beginning, and compares.
   *
   * @param now what is enforced
   */
  static Simulation of(
      Enforcement now,
      List<PodAttachment> attached,
      PolicyObjects objects,
      PolicySettings settings,
      PolicyBackend backend)
      throws IOException {
    Enforcement then = now.another();
    attached.forEach(then::attach);
    new PolicyFeed(then).feed(objects, DirtyKeys.EVERYTHING);
    var _ = then.take();
    List<Connection> cut = List.of();
    String problem = "";
    try {
      cut = cut(now, then);
    } catch (IOException e) {
      problem = "it cannot be told which connections would be cut: " + e.getMessage();
    }
    return new Simulation(backend.compare(then, settings), List.of(), cut, problem);
  }

  private static List<Connection> cut(Enforcement now, Enforcement then) throws IOException {
    Set<IpAddress> own;
    try (RouteSocket routes = RouteSocket.open()) {
      own = routes.addresses(0).stream().map(LinkAddress::address).collect(Collectors.toSet());
    }
    try (ConntrackSocket kernel = ConntrackSocket.open()) {
      return LostConnections.find(
              kernel, own, new LocalFlows(now), new LocalFlows(then), MOST_CONNECTIONS)
          .stream()
          .map(lost -> connection(lost, now))
          .toList();
    }
  }

  private static Connection connection(Lost lost, Enforcement now) {
    ConntrackTuple asked = lost.entry().original();
    ConntrackTuple answers = lost.entry().reply();
    boolean translated = !asked.destination().equals(answers.source());
    return new Connection(
        ConntrackTuple.protocolName(asked.protocol()),
        end(asked.source(), asked.key(), true),
        pod(asked.source(), now),
        end(answers.source(), answers.key(), true),
        pod(answers.source(), now),
        translated ? end(asked.destination(), asked.key(), false) : "",
        lost.denial().direction().name().toLowerCase(Locale.ROOT),
        lost.denial().policies().stream().map(ObjectKey::toString).toList());
  }

  private static String end(IpAddress address, TransportKey key, boolean source) {
    String text = address instanceof Ipv6Address ? "[" + address + "]" : address.toString();
    return key instanceof TransportKey.Ports ports
        ? text + ":" + (source ? ports.source() : ports.destination())
        : address.toString();
  }

  private static String pod(IpAddress address, Enforcement enforcement) {
    PodRecord pod = enforcement.pod(address);
    return pod == null ? "" : pod.key().toString();
  }
}
