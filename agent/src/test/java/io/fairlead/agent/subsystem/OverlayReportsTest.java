package io.fairlead.agent.subsystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.NodesReport;
import io.fairlead.agent.server.RoutesReport;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.overlay.OverlayMode;
import io.fairlead.overlay.OverlayProblem;
import io.fairlead.overlay.OverlayStatus;
import io.fairlead.overlay.OverlayWish;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OverlayReportsTest {

  private static final int DEVICE = 3;
  private static final MacAddress MAC = MacAddress.parse("0a:00:00:00:00:02");
  private static final Route DIRECT =
      Route.to(Cidr.parse("10.244.3.0/24")).via(IpAddress.parse("192.0.2.3")).dev(2);
  private static final Route TUNNEL =
      Route.to(Cidr.parse("10.244.2.0/24")).via(IpAddress.parse("10.244.2.0")).dev(DEVICE);

  private static NodeRecord node(int i) {
    return new NodeRecord(
        "node-" + i,
        List.of(IpAddress.parse("192.0.2." + i)),
        List.of(Cidr.parse("10.244." + i + ".0/24")),
        null);
  }

  @Test
  @DisplayName("how the pods of each node are reached, and what keeps them from it")
  void nodes() throws Exception {
    Map<String, List<RouteEntry>> entries =
        Map.of(
            "node-2",
            List.of(ForwardingEntry.vxlan(DEVICE, MAC, IpAddress.parse("192.0.2.2")), TUNNEL),
            "node-3",
            List.of(DIRECT));
    NodesReport report =
        OverlayReports.nodes(
            "node-1",
            List.of(
                node(4),
                node(3).withFlannel(new FlannelNode("host-gw", 0, null, null, true)),
                node(2),
                node(1)),
            new OverlayWish(DEVICE, new TreeMap<>(entries)),
            new OverlayStatus(
                OverlayMode.VXLAN,
                "fairlead-vxlan",
                MacAddress.parse("0a:00:00:00:00:01"),
                1450,
                2,
                2,
                List.of(new OverlayProblem("node-4", "it has no podCIDR yet"))));
    assertThat(NodesReport.parse(Json.text(report))).isEqualTo(report);
    assertThat(report.nodes())
        .extracting(
            one -> one.name() + " " + one.vtepMac() + " " + one.way() + " " + one.problems())
        .containsExactly(
            "node-1 0a:00:00:00:00:01 local []",
            "node-2 0a:00:00:00:00:02 vxlan via 192.0.2.2 []",
            "node-3  flannel, host-gw via 192.0.2.3 []",
            "node-4  none [it has no podCIDR yet]");
  }

  @Test
  @DisplayName("an entry without the word for its kind, with what the kernel has")
  void entries() {
    assertThat(
            OverlayReports.entry(
                new OverlayWish.Comparison("node-3", DIRECT, null, OverlayWish.State.MISSING)))
        .isEqualTo(
            new RoutesReport.Entry(
                "route", "node-3", "10.244.3.0/24 via 192.0.2.3 dev 2 proto 102", "missing", ""));
  }
}
