package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLinkKind;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LinkKernelTest extends RouteKernelTestBase {

  @Test
  void aVethPeerIsBornInItsOwnNamespaceConfiguredAndUp() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod");
        RouteSocket inPod = pod.call(RouteSocket::open)) {
      kernel.applyAll(new AddLink("br0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE.withUp(true)));
      int bridge = link("br0").index();
      kernel.applyAll(
          new AddVethPair(
              "veth1",
              LinkSettings.NONE.withUp(true).withMtu(1450).withMaster(bridge),
              "eth0",
              LinkSettings.NONE
                  .withMtu(1450)
                  .withMac(mac("0a:58:0a:f4:01:02"))
                  .withNamespace(pod.namespace().descriptor())),
          new ChangeLink(LinkSelector.of("veth1"), LinkSettings.NONE.withAlias("pod a/b")),
          new SetBridgePort(
              LinkSelector.of("veth1"),
              BridgePortSettings.NONE.withHairpin(true).withIsolated(true)));
      inPod.applyAll(new ChangeLink(LinkSelector.of("eth0"), LinkSettings.NONE.withUp(true)));
      assertThat(kernel.links()).extracting(Link::name).containsExactly("lo", "br0", "veth1");
      Link host = link("veth1");
      assertThat(host.isRunning()).isTrue();
      assertThat(host.masterIndex()).isEqualTo(bridge);
      assertThat(host.alias()).isEqualTo("pod a/b");
      assertThat(host.parentNamespace()).isNotNegative();
      Link peer = inPod.link("eth0");
      assertThat(peer).isNotNull();
      assertThat(peer.toString())
          .isEqualTo(
              "link " + host.parentIndex() + " eth0 up mtu 1450 mac 0a:58:0a:f4:01:02 type veth");
      assertThat(pod.run("ip", "-j", "link", "show", "eth0"))
          .contains("\"mtu\":1450", "\"address\":\"0a:58:0a:f4:01:02\"", "\"UP\"", "LOWER_UP");
      assertThat(namespace.run("ip", "-j", "-d", "link", "show", "veth1"))
          .contains("\"master\":\"br0\"", "\"ifalias\":\"pod a/b\"", "\"hairpin\":true");
      BridgePort port = kernel.bridgePorts().getFirst();
      assertThat(port.toString())
          .isEqualTo(
              "bridge port "
                  + host.index()
                  + " of "
                  + bridge
                  + " hairpin on isolated on learning on neighbour-suppression off"
                  + " unicast-flood on multicast-flood on broadcast-flood on");
      kernel.applyAll(new DeleteLink(LinkSelector.of("veth1")));
      assertThat(inPod.link("eth0")).isNull();
    }
  }

  @Test
  void portFlagsAreSetOneByOne() throws Exception {
    kernel.applyAll(new AddLink("br0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE));
    kernel.applyAll(
        new AddVethPair(
            "a", LinkSettings.NONE.withMaster(link("br0").index()), "b", LinkSettings.NONE));
    kernel.applyAll(
        new SetBridgePort(
            LinkSelector.of(link("a").index()),
            BridgePortSettings.NONE
                .withLearning(false)
                .withNeighbourSuppression(true)
                .withFlood(false, true, false)));
    assertThat(kernel.bridgePorts()).hasSize(1);
    assertThat(kernel.bridgePorts().getFirst().settings().toString())
        .isEqualTo(
            " hairpin off isolated off learning off neighbour-suppression on"
                + " unicast-flood off multicast-flood on broadcast-flood off");
    assertThat(namespace.run("bridge", "-j", "-d", "link", "show", "dev", "a"))
        .contains("\"learning\":false", "\"flood\":false", "\"neigh_suppress\":true");
  }

  @Test
  void aBridgeHasItsOptionsAndTheyChange() throws Exception {
    kernel.applyAll(
        new AddLink(
            "br0",
            new LinkKind.Bridge(false, false),
            LinkSettings.NONE.withMac(mac("0a:58:0a:f4:01:01"))));
    assertThat(link("br0").kind()).isEqualTo(new LinkKind.Bridge(false, false));
    assertThat(namespace.run("ip", "-j", "-d", "link", "show", "br0"))
        .contains("\"mcast_snooping\":0", "0a:58:0a:f4:01:01");
    kernel.applyAll(new ChangeLinkKind(LinkSelector.of("br0"), new LinkKind.Bridge(true, true)));
    assertThat(link("br0").kind()).isEqualTo(new LinkKind.Bridge(true, true));
  }

  @Test
  void aVxlanDeviceHasItsParameters() throws Exception {
    int underlay = bridge("eth9", "192.0.2.1/24");
    LinkKind.Vxlan v4 = new LinkKind.Vxlan(4097, 8472, ip("192.0.2.1"), underlay, false);
    LinkKind.Vxlan v6 = new LinkKind.Vxlan(4098, 4789, ip("2001:db8::1"), 0, true);
    kernel.applyAll(
        new AddLink("vx4", v4, LinkSettings.NONE.withMtu(1450)),
        new AddLink("vx6", v6, LinkSettings.NONE));
    assertThat(link("vx4").kind()).isEqualTo(v4);
    assertThat(link("vx4").mtu()).isEqualTo(1450);
    assertThat(link("vx6").kind()).isEqualTo(v6);
    assertThat(namespace.run("ip", "-j", "-d", "link", "show", "vx4"))
        .contains(
            "\"id\":4097",
            "\"port\":8472",
            "\"local\":\"192.0.2.1\"",
            "\"link\":\"eth9\"",
            "\"learning\":false");
    assertThat(namespace.run("ip", "-j", "-d", "link", "show", "vx6"))
        .contains("\"id\":4098", "\"local6\":\"2001:db8::1\"");
  }

  @Test
  void aDummyIsWhatItIs() throws Exception {
    List<RouteKernel.Failure> failures =
        kernel.apply(List.of(new AddLink("d0", new LinkKind.Dummy(), LinkSettings.NONE)));
    Assumptions.assumeTrue(
        failures.isEmpty(), "this kernel has no dummy devices (CONFIG_DUMMY): " + failures);
    assertThat(link("d0").kind()).isEqualTo(new LinkKind.Dummy());
  }

  @Test
  void aLinkIsRenamedMovedAndDeleted() throws Exception {
    try (TestNamespace other = TestNamespace.create("other");
        RouteSocket inOther = other.call(RouteSocket::open)) {
      kernel.applyAll(new AddVethPair("a", LinkSettings.NONE, "b", LinkSettings.NONE));
      int index = link("a").index();
      kernel.applyAll(
          new ChangeLink(
              LinkSelector.of(index),
              LinkSettings.NONE.withName("c").withMac(mac("02:00:00:00:00:09"))));
      assertThat(kernel.link("a")).isNull();
      assertThat(link("c").mac()).isEqualTo(mac("02:00:00:00:00:09"));
      kernel.applyAll(
          new ChangeLink(
              LinkSelector.of("c"),
              LinkSettings.NONE.withNamespace(other.namespace().descriptor())));
      assertThat(kernel.link("c")).isNull();
      assertThat(inOther.link("c")).isNotNull();
      kernel.applyAll(new DeleteLink(LinkSelector.of(link("b").index())));
      assertThat(inOther.link("c")).isNull();
    }
  }

  @Test
  void failuresAreReportedEachAndStopNothing() throws Exception {
    List<RouteKernel.Failure> failures =
        kernel.apply(
            List.of(
                new AddLink("br0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE),
                new AddLink("br0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE),
                new DeleteLink(LinkSelector.of("none")),
                new AddLink("br1", LinkKind.Bridge.DEFAULT, LinkSettings.NONE)));
    assertThat(failures).hasSize(2);
    assertThat(failures.getFirst().cause().isExisting()).isTrue();
    assertThat(failures.getLast().cause().isNotFound()).isTrue();
    assertThat(failures.getLast().cause()).hasMessageStartingWith("delete link none: ENODEV");
    assertThat(kernel.link("br1")).isNotNull();
    assertThat(kernel.link(999)).isNull();
  }
}
