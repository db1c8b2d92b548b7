package io.fairlead.cni.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.AddressPool.Usage;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The plans as text. */
class PlanTest {

  private static final BridgeSettings SETTINGS = new BridgeSettings("fairlead0", 1450);
  private static final Usage V4 =
      new Usage(Cidr.parse("10.1.0.0/24"), IpAddress.parse("10.1.0.1"), 0, 253);
  private static final Usage V6 =
      new Usage(Cidr.parse("fd00::/64"), IpAddress.parse("fd00::1"), 0, 253);
  private static final Lease LEASE =
      new Lease(
          new AttachmentKey("n", "c", "eth0"), List.of(IpAddress.parse("10.1.0.2")), "ns/pod");

  private static String text(List<RouteOperation> operations) {
    return operations.stream().map(RouteOperation::toString).collect(Collectors.joining("\n"));
  }

  private static Link link(
      int index, String name, String mac, int mtu, boolean up, int master, String alias) {
    LinkKind kind =
        name.startsWith("veth") ? new LinkKind.Veth() : new LinkKind.Bridge(true, false);
    return new Link(
        index, name, MacAddress.parse(mac), mtu, up ? 1 : 0, master, 0, -1, alias, kind);
  }

  private static Link bridge(int index) {
    return link(index, "fairlead0", "0a:59:0a:01:00:01", 1450, true, 0, "fairlead bridge");
  }

  private static final LinkAddress LINK_LOCAL =
      LinkAddress.of(9, IpAddress.parse("fe80::1"), 64).withProtocol(102);

  private static LinkAddress gateway(Usage range) {
    return LinkAddress.of(9, range.gateway(), range.range().prefixLength()).withProtocol(102);
  }

  @Test
  void aPodInsideItsNamespace() {
    assertThat(
            text(
                AttachPlan.inPod(
                    7,
                    List.of(
                        new Allocation(IpAddress.parse("10.1.0.2"), V4.range(), V4.gateway()),
                        new Allocation(IpAddress.parse("fd00::2"), V6.range(), V6.gateway())),
                    true)))
        .isEqualTo(
            """
            change link lo up
            change link 7 up
            add address 10.1.0.2/24 dev 7
            add address fd00::2/64 dev 7 nodad
            add route 0.0.0.0/0 via 10.1.0.1 dev 7 proto 102
            add route ::/0 via fd00::1 dev 7 proto 102\
            """);
  }

  @Test
  @DisplayName("the bridge has its MAC from the start (pod-network 33)")
  void creation() {
    assertThat(text(BridgePlan.create(SETTINGS, List.of(V4, V6))))
        .isEqualTo(
            """
            add link fairlead0 mtu 1449 mac 0a:59:0a:01:00:01 type bridge no-link-local-learning
            change link fairlead0 up mtu 1450 alias "fairlead bridge\"\
            """);
  }

  @Test
  void nothingToCorrect() {
    assertThat(
            BridgePlan.correct(
                SETTINGS,
                List.of(V4, V6),
                bridge(9),
                List.of(gateway(V4), gateway(V6), LINK_LOCAL),
                List.of(
                    bridge(9),
                    link(
                        3,
                        HostLink.name(LEASE.key()),
                        "0a:68:00:00:00:01",
                        1450,
                        true,
                        9,
                        HostLink.alias(LEASE)),
                    link(4, "veth2", "0a:68:00:00:00:01", 1450, true, 0, "somebody else's")),
                List.of(LEASE)))
        .isEmpty();
  }

  @Test
  @DisplayName("a bridge that is down, has the wrong MTU or another address (pod-network 29)")
  void correction() {
    Link damaged = link(9, "fairlead0", "02:00:00:00:00:01", 1500, false, 0, "");
    Link former = link(8, "old0", "0a:59:0a:01:00:01", 1450, true, 0, "fairlead bridge");
    Link foreign = link(7, "docker0", "02:00:00:00:00:02", 1500, true, 0, "");
    Link port =
        link(
            3,
            HostLink.name(LEASE.key()),
            "0a:68:00:00:00:01",
            1450,
            true,
            8,
            HostLink.alias(LEASE));
    LinkAddress foreignAddress = LinkAddress.of(9, IpAddress.parse("192.0.2.1"), 24);
    LinkAddress former1 = LinkAddress.of(9, IpAddress.parse("10.9.0.1"), 24).withProtocol(102);
    assertThat(
            text(
                BridgePlan.correct(
                    SETTINGS,
                    List.of(V4),
                    damaged,
                    List.of(foreignAddress, former1),
                    List.of(damaged, former, foreign, port),
                    List.of(LEASE))))
        .isEqualTo(
            """
            change link 9 up mtu 1450 mac 0a:59:0a:01:00:01 alias "fairlead bridge"
            delete link 8
            change link 3 up master 9
            set bridge port 3 hairpin on
            delete address 10.9.0.1/24 dev 9 proto 102
            add address 10.1.0.1/24 dev 9 proto 102\
            """);
  }

  @Test
  @DisplayName(
      "with IPv6 the bridge has a link-local address that never is tentative (pod-network 36)")
  void linkLocalAddress() {
    LinkAddress kernels =
        LinkAddress.of(9, IpAddress.parse("fe80::858:aff:fe01:1"), 64)
            .withFlags(LinkAddress.TENTATIVE);
    assertThat(text(correctAddresses(List.of(V4, V6), gateway(V4), gateway(V6), kernels)))
        .isEqualTo("add address fe80::1/64 dev 9 nodad proto 102");
    assertThat(text(correctAddresses(List.of(V4), gateway(V4), kernels, LINK_LOCAL)))
        .isEqualTo("delete address fe80::1/64 dev 9 nodad proto 102");
  }

  private static List<RouteOperation> correctAddresses(
      List<Usage> ranges, LinkAddress... addresses) {
    Link bridge = bridge(9);
    return BridgePlan.correct(
        SETTINGS, ranges, bridge, List.of(addresses), List.of(bridge), List.of());
  }

  @Test
  @DisplayName("a former gateway stays while a pod of its subnet lives (pod-network 26)")
  void formerGateway() {
    LinkAddress former = LinkAddress.of(9, IpAddress.parse("10.9.0.1"), 24).withProtocol(102);
    Lease old = new Lease(LEASE.key(), List.of(IpAddress.parse("10.9.0.7")), null);
    assertThat(
            BridgePlan.correct(
                SETTINGS,
                List.of(V4),
                bridge(9),
                List.of(gateway(V4), former),
                List.of(bridge(9)),
                List.of(old)))
        .isEmpty();
  }

  @Test
  @DisplayName("which events tell of a disturbed bridge, and which do not (pod-network 29)")
  void disturbances() {
    Link port =
        link(
            3,
            HostLink.name(LEASE.key()),
            "0a:68:00:00:00:01",
            1450,
            true,
            9,
            HostLink.alias(LEASE));
    Link stray =
        link(
            3,
            HostLink.name(LEASE.key()),
            "0a:68:00:00:00:01",
            1450,
            true,
            0,
            HostLink.alias(LEASE));
    Link down =
        link(
            3,
            HostLink.name(LEASE.key()),
            "0a:68:00:00:00:01",
            1450,
            false,
            9,
            HostLink.alias(LEASE));
    Link foreign = link(4, "veth2", "0a:68:00:00:00:01", 1450, true, 0, "somebody else's");
    Link bridge = bridge(9);
    LinkAddress former = LinkAddress.of(9, IpAddress.parse("10.9.0.1"), 24).withProtocol(102);
    List<RouteEvent> disturbing =
        List.of(
            new RouteEvent.Overrun(),
            new RouteEvent.Deleted(bridge),
            new RouteEvent.Deleted(gateway(V4)),
            new RouteEvent.Changed(link(9, bridge.name(), bridge.mac() + "", 1400, true, 0, "")),
            new RouteEvent.Changed(link(9, bridge.name(), bridge.mac() + "", 1450, false, 0, "")),
            new RouteEvent.Changed(stray),
            new RouteEvent.Changed(down));
    List<RouteEvent> usual =
        List.of(
            new RouteEvent.Changed(bridge),
            new RouteEvent.Changed(port),
            new RouteEvent.Deleted(port),
            new RouteEvent.Changed(foreign),
            new RouteEvent.Deleted(foreign),
            new RouteEvent.Deleted(former),
            new RouteEvent.Changed(gateway(V4)));
    Set<IpAddress> gateways = Set.of(V4.gateway());
    assertThat(disturbing).allMatch(event -> BridgePlan.isDisturbance(event, bridge, gateways));
    assertThat(usual).noneMatch(event -> BridgePlan.isDisturbance(event, bridge, gateways));
  }

  @Test
  void removalTakesOnlyWhatIsOurs() {
    assertThat(
            text(
                BridgePlan.remove(
                    List.of(
                        link(1, "docker0", "02:00:00:00:00:02", 1500, true, 0, ""),
                        link(
                            3,
                            HostLink.name(LEASE.key()),
                            "0a:68:00:00:00:01",
                            1450,
                            true,
                            9,
                            HostLink.alias(LEASE)),
                        link(4, "veth2", "0a:68:00:00:00:01", 1450, true, 1, ""),
                        bridge(9)))))
        .isEqualTo("delete link 3\ndelete link 9");
  }
}
