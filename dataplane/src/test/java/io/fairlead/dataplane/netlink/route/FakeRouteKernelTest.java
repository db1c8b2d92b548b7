package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeRouteKernelTest {

  private final FakeRouteKernel kernel = new FakeRouteKernel();

  @Test
  void itPrintsWhatItHolds() throws Exception {
    int eth0 = kernel.addDevice("eth0", MacAddress.parse("02:00:00:00:00:aa"), 1500);
    kernel.applyAll(
        new Add(LinkAddress.of(eth0, IpAddress.parse("192.0.2.1"), 24)),
        new AddLink(
            "vx0",
            new LinkKind.Vxlan(4097, 8472, IpAddress.parse("192.0.2.1"), eth0, false),
            LinkSettings.NONE.withUp(true)),
        new Add(
            Route.to(Cidr.parse("10.244.2.0/24"))
                .via(IpAddress.parse("10.244.2.0"))
                .dev(3)
                .withOnlink()),
        new Add(
            ForwardingEntry.vxlan(
                3, MacAddress.parse("0a:00:00:00:00:02"), IpAddress.parse("192.0.2.2"))),
        new Add(
            Neighbour.permanent(
                3, IpAddress.parse("10.244.2.0"), MacAddress.parse("0a:00:00:00:00:02"))));
    assertThat(kernel.dump())
        .isEqualTo(
            """
            link 1 lo up mtu 65536 mac 00:00:00:00:00:00 type device
            link 2 eth0 up mtu 1500 mac 02:00:00:00:00:aa type device
            link 3 vx0 up mtu 1450 mac 02:00:00:00:00:03 type vxlan vni 4097 port 8472 local 192.0.2.1 underlay 2 no-learning
            address 192.0.2.1/24 dev 2
            forwarding 0a:00:00:00:00:02 dev 3 to 192.0.2.2 self permanent
            neighbour 10.244.2.0 dev 3 mac 0a:00:00:00:00:02 permanent proto 102
            route 10.244.2.0/24 via 10.244.2.0 dev 3 onlink proto 102
            """);
    kernel.takeApplied();
    kernel.applyAll(new DeleteLink(LinkSelector.of("vx0")));
    assertThat(kernel.dump().lines()).hasSize(3);
    assertThat(kernel.takeApplied()).map(Object::toString).containsExactly("delete link vx0");
  }

  @Test
  void aVethPairSpansTwoNamespaces() throws Exception {
    FakeRouteKernel pod = new FakeRouteKernel();
    try (OwnedDescriptor descriptor = OwnedDescriptor.open(Path.of("/proc/self/ns/net"))) {
      kernel.addNamespace(descriptor, pod);
      kernel.applyAll(
          new AddLink("br0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE.withUp(true)),
          new AddVethPair(
              "veth1",
              LinkSettings.NONE.withMaster(2).withUp(true),
              "eth0",
              LinkSettings.NONE.withMtu(1450).withNamespace(descriptor)),
          new SetBridgePort(LinkSelector.of("veth1"), BridgePortSettings.NONE.withHairpin(true)));
      assertThat(pod.dump())
          .isEqualTo(
              """
              link 1 lo up mtu 65536 mac 00:00:00:00:00:00 type device
              link 2 eth0 down mtu 1450 mac 02:00:00:00:00:02 type veth
              """);
      assertThat(kernel.bridgePorts().getFirst().settings().hairpin()).isTrue();
      assertThat(
              kernel.apply(
                  List.of(
                      new ChangeLink(
                          LinkSelector.of("br0"), LinkSettings.NONE.withNamespace(descriptor)))))
          .as("the kernel moves no bridges")
          .hasSize(1);
      pod.applyAll(new DeleteLink(LinkSelector.of("eth0")));
      assertThat(kernel.link("veth1")).isNull();
      assertThat(kernel.bridgePorts()).isEmpty();
    }
  }
}
