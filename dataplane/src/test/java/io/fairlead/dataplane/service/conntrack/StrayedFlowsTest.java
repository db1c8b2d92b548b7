package io.fairlead.dataplane.service.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node with the address 192.168.88.11, whose bridge has 10.244.1.1. */
class StrayedFlowsTest {

  private static final String NODE = "192.168.88.11";
  private static final String BRIDGE = "10.244.1.1";
  private static final int MASQUERADED =
      ConntrackStatus.CONFIRMED.mask() | ConntrackStatus.SRC_NAT.mask();

  private final FakeConntrack flows = new FakeConntrack();
  private final FakeRouteKernel routes = new FakeRouteKernel();
  private final StrayedFlows strayed =
      new StrayedFlows(flows, routes, () -> List.of(Cidr.parse("10.244.0.0/16")));

  @BeforeEach
  void route() throws IOException {
    int uplink = routes.addDevice("eth0", MacAddress.parse("02:00:00:00:00:0a"), 1500);
    int bridge = routes.addDevice("fairlead0", MacAddress.parse("02:00:00:00:00:0b"), 1450);
    routes.applyAll(
        new RouteOperation.Add(LinkAddress.of(uplink, IpAddress.parse(NODE), 24)),
        new RouteOperation.Add(LinkAddress.of(bridge, IpAddress.parse(BRIDGE), 32)),
        new RouteOperation.Add(
            Route.to(Cidr.parse("10.244.1.0/24")).dev(bridge).withSource(IpAddress.parse(BRIDGE))));
  }

  /** A flow of the node's to a Service, sent to {@code server} as if from {@code source}. */
  private ConntrackEntry flow(int port, String server, String source, int status) {
    ConntrackEntry entry =
        new ConntrackEntry(
            new ConntrackTuple(
                IpAddress.parse(NODE),
                IpAddress.parse("10.96.0.10"),
                ConntrackTuple.TCP,
                new Ports(port, 80)),
            new ConntrackTuple(
                IpAddress.parse(server),
                IpAddress.parse(source),
                ConntrackTuple.TCP,
                new Ports(8080, port)),
            ConntrackZone.DEFAULT,
            0,
            status,
            120,
            port);
    flows.add(entry);
    return entry;
  }

  private List<ConntrackEntry> left() throws IOException {
    List<ConntrackEntry> entries = new ArrayList<>();
    flows.dump(ConntrackFilter.ALL, entries::add);
    return entries;
  }

  @Test
  @DisplayName("what was masqueraded for another way to a pod is forgotten, and nothing else")
  void another() throws IOException {
    flow(40_000, "10.244.1.2", NODE, MASQUERADED);
    List<ConntrackEntry> others =
        List.of(
            flow(40_001, "10.244.1.2", BRIDGE, MASQUERADED),
            flow(40_002, "10.244.1.2", NODE, MASQUERADED | ConntrackStatus.SEEN_REPLY.mask()),
            flow(40_003, "10.244.1.2", NODE, ConntrackStatus.CONFIRMED.mask()),
            flow(40_004, "192.0.2.9", BRIDGE, MASQUERADED));
    assertThat(strayed.forget()).isEqualTo(1);
    assertThat(left()).containsExactlyInAnyOrderElementsOf(others);
  }

  @Test
  @DisplayName("as long as there is no way to a pod, its flows stay: they are in nobody's way")
  void noWay() throws IOException {
    ConntrackEntry flow = flow(40_000, "10.244.2.2", NODE, MASQUERADED);
    assertThat(strayed.forget()).isZero();
    assertThat(left()).containsExactly(flow);
  }
}
