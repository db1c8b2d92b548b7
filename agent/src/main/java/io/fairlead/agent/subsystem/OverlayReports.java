package io.fairlead.agent.subsystem;

import io.fairlead.agent.server.NodesReport;
import io.fairlead.agent.server.RoutesReport;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import io.fairlead.overlay.OverlayProblem;
import io.fairlead.overlay.OverlayStatus;
import io.fairlead.overlay.OverlayWish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the overlay does for each node, as reports. Pure. */
final class OverlayReports {

  private OverlayReports() {}

  static NodesReport nodes(
      String self, Collection<NodeRecord> nodes, OverlayWish wish, OverlayStatus status) {
    List<NodesReport.Node> views = new ArrayList<>();
    for (NodeRecord node : nodes) {
      List<RouteEntry> entries = wish.entries().getOrDefault(node.name(), List.of());
      views.add(
          new NodesReport.Node(
              node.name(),
              node.addresses().stream().map(IpAddress::toString).toList(),
              node.podCidrs().stream().map(Cidr::toString).toList(),
              mac(self, node, entries, status),
              node.zone() == null ? "" : node.zone(),
              node.name().equals(self) ? "local" : way(node, entries, wish.deviceIndex()),
              status.problems().stream()
                  .filter(problem -> problem.node().equals(node.name()))
                  .map(OverlayProblem::sentence)
                  .toList()));
    }
    views.sort(Comparator.comparing(NodesReport.Node::name));
    return new NodesReport(self, status.mode().toString(), views);
  }

  private static String mac(
      String self, NodeRecord node, List<RouteEntry> entries, OverlayStatus status) {
    if (node.name().equals(self)) {
      return status.device().isEmpty() ? "" : status.mac().toString();
    }
    for (RouteEntry entry : entries) {
      if (entry instanceof ForwardingEntry forwarding) {
        return forwarding.mac().toString();
      }
    }
    return "";
  }

  /** Pods of different families may be reached in different ways. */
  private static String way(NodeRecord node, List<RouteEntry> entries, int deviceIndex) {
    Set<String> ways = new LinkedHashSet<>();
    for (RouteEntry entry : entries) {
      if (entry instanceof ForwardingEntry forwarding) {
        ways.add("vxlan via " + forwarding.destination());
      } else if (entry instanceof Route route && route.outputIndex() != deviceIndex) {
        ways.add("host-gw via " + route.gateway());
      }
    }
    boolean flannel = node.flannel() != null && node.vtepMac() == null;
    String text = ways.isEmpty() ? "none" : String.join(", ", ways);
    return flannel ? "flannel, " + text : text;
  }

  static RoutesReport.Entry entry(OverlayWish.Comparison compared) {
    RouteEntry some =
        Objects.requireNonNull(
            compared.wanted() != null ? compared.wanted() : compared.found(),
            "something is wanted or found");
    return new RoutesReport.Entry(
        kind(some),
        compared.node(),
        text(compared.wanted()),
        compared.state().name().toLowerCase(Locale.ROOT),
        text(compared.found()));
  }

  private static String kind(RouteEntry entry) {
    return switch (entry) {
      case Route _ -> "route";
      case Neighbour _ -> "neighbour";
      case ForwardingEntry _ -> "forwarding";
      case LinkAddress _ -> "address";
      case RoutingRule _ -> "rule";
    };
  }

  /** Without the word for its kind. */
  private static String text(@Nullable RouteEntry entry) {
    String text = entry == null ? "" : entry.toString();
    return text.substring(text.indexOf(' ') + 1);
  }
}
