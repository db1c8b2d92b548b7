package io.fairlead.overlay;

import static io.fairlead.overlay.Nodes.dual;
import static io.fairlead.overlay.Nodes.node;
import static io.fairlead.overlay.Nodes.withMac;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);
  private static final OverlayOptions HOST_GW = OverlayOptions.of(OverlayMode.HOST_GW);

  private final FakeRouteKernel kernel = new FakeRouteKernel();
  @TempDir private Path sysctls;
  private int eth0;

  @BeforeEach
  void underlay() throws Exception {
    eth0 = kernel.addDevice("eth0", MacAddress.parse("02:00:00:00:00:aa"), 1500);
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("192.0.2.1"), 24)),
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("2001:db8::1"), 64)));
    for (String link : List.of("all", "eth0", "fairlead-vxlan")) {
      Files.createDirectories(sysctls.resolve(link));
      Files.writeString(sysctls.resolve(link).resolve("rp_filter"), "0\n");
    }
    kernel.takeApplied();
  }

  private Overlay overlay(OverlayOptions options) {
    return new Overlay(kernel, new ReversePathFilter(sysctls), "node-1", options);
  }

  private static List<String> text(OverlayOutcome outcome) {
    return outcome.applied().stream().map(Object::toString).toList();
  }

  private static List<NodeRecord> cluster(int size) {
    List<NodeRecord> nodes = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      nodes.add(withMac(dual(i), "0a:00:00:00:00:0" + i));
    }
    return nodes;
  }

  private static List<NodeChanged> change(String name, @Nullable NodeRecord node) {
    return List.of(new NodeChanged(name, node));
  }

  @Test
  void theFirstCallMakesEverything() throws Exception {
    assertThat(text(overlay(VXLAN).replaceNodes(cluster(2))))
        .containsExactly(
            "add link fairlead-vxlan up mtu 1450 mac "
                + VtepAddress.mac("node-1")
                + " type vxlan vni 4097 port 8472 local 192.0.2.1 underlay 2 no-learning",
            "add address 10.244.1.0/32 dev 3 proto 102",
            "add address fd00:10:244:1::/128 dev 3 nodad proto 102",
            "replace forwarding 0a:00:00:00:00:02 dev 3 to 192.0.2.2 self permanent",
            "replace neighbour 10.244.2.0 dev 3 mac 0a:00:00:00:00:02 permanent proto 102",
            "replace neighbour fe80::800:ff:fe00:2 dev 3 mac 0a:00:00:00:00:02 permanent proto 102",
            "add route 10.244.2.0/24 via 10.244.2.0 dev 3 onlink proto 102",
            "add route fd00:10:244:2::/64 via fe80::800:ff:fe00:2 dev 3 proto 102");
  }

  @Test
  @DisplayName("What is wanted is told by node, beside what the kernel has of it")
  void theWishBesideTheKernel() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(cluster(3));
    assertThat(overlay.wish().entries().keySet()).containsExactly("node-2", "node-3");
    assertThat(overlay.wish().compare(kernel))
        .hasSize(10)
        .allMatch(one -> one.state() == OverlayWish.State.PRESENT);
    Route gone = Route.to(Cidr.parse("10.244.2.0/24")).via(IpAddress.parse("10.244.2.0"));
    Route stray = Route.to(Cidr.parse("10.244.9.0/24")).via(IpAddress.parse("192.0.2.9")).dev(eth0);
    Route other = Route.to(Cidr.parse("10.244.3.0/24")).via(IpAddress.parse("192.0.2.9")).dev(eth0);
    kernel.applyAll(
        new RouteOperation.Delete(gone.dev(3).withOnlink()),
        new RouteOperation.Add(stray),
        new RouteOperation.Replace(other));
    assertThat(overlay.wish().compare(kernel))
        .filteredOn(one -> one.state() != OverlayWish.State.PRESENT)
        .extracting(one -> one.node() + " " + one.state() + " " + one.found())
        .containsExactly("node-2 MISSING null", "node-3 DIFFERENT " + other, " EXTRA " + stray);
  }

  @Test
  @DisplayName("A restart over the right state asks nothing of the kernel (pod-network 53)")
  void aRestartChangesNothing() throws Exception {
    for (OverlayOptions options : List.of(VXLAN, HOST_GW)) {
      overlay(options).replaceNodes(cluster(5));
      assertThat(overlay(options).replaceNodes(cluster(5)).applied()).isEmpty();
    }
  }

  @Test
  @DisplayName("A peer deleted while the agent was down is cleared up at start (pod-network 41)")
  void aRestartRemovesWhatIsGone() throws Exception {
    overlay(VXLAN).replaceNodes(cluster(3));
    assertThat(text(overlay(VXLAN).replaceNodes(cluster(2))))
        .hasSize(5)
        .allMatch(line -> line.startsWith("delete "))
        .first()
        .asString()
        .startsWith("delete route");
  }

  @Test
  @DisplayName("One peer costs its own entries, however many there are (pod-network 41)")
  void aChangeCostsWhatChanged() throws Exception {
    List<NodeRecord> nodes = new ArrayList<>();
    nodes.add(dual(1));
    for (int i = 2; i <= 200; i++) {
      nodes.add(node("n" + i, "192.0.2." + i, "10.244." + i + ".0/24"));
    }
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(nodes);
    NodeRecord moved = node("n50", "192.0.2.250", "10.244.50.0/24");
    assertThat(text(overlay.updateNodes(change("n50", moved))))
        .containsExactly(
            "replace forwarding "
                + VtepAddress.mac("n50")
                + " dev 3 to 192.0.2.250 self permanent");
    assertThat(overlay.updateNodes(change("n50", moved)).applied()).isEmpty();
    assertThat(overlay.updateNodes(change("n50", null)).applied()).hasSize(3);
    assertThat(overlay.updateNodes(change("n50", moved)).applied()).hasSize(3);
  }

  @Test
  @DisplayName("A new name with the same pod CIDR takes over in place (pod-network 41)")
  void aPodCidrChangesHands() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(List.of(dual(1), node("b", "192.0.2.2", "10.244.2.0/24")));
    NodeRecord heir = node("c", "192.0.2.2", "10.244.2.0/24");
    overlay.updateNodes(change("c", heir));
    assertThat(overlay.status().problems()).hasSize(1);
    assertThat(text(overlay.updateNodes(change("b", null))))
        .containsExactly(
            "replace neighbour 10.244.2.0 dev 3 mac "
                + VtepAddress.mac("c")
                + " permanent proto 102",
            "delete forwarding " + VtepAddress.mac("b") + " dev 3 to 192.0.2.2 self permanent");
    assertThat(overlay.status().problems()).isEmpty();
  }

  @Test
  @DisplayName("Modes are switched by replacing routes, and the device stays (pod-network 49)")
  void routesAreReplacedInPlace() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(cluster(2));
    assertThat(text(overlay.reconfigure(HOST_GW)))
        .containsExactly(
            "replace route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102",
            "replace route fd00:10:244:2::/64 via 2001:db8::2 dev 2 proto 102",
            "delete neighbour 10.244.2.0 dev 3 mac 0a:00:00:00:00:02 permanent proto 102",
            "delete neighbour fe80::800:ff:fe00:2 dev 3 mac 0a:00:00:00:00:02 permanent proto 102",
            "delete forwarding 0a:00:00:00:00:02 dev 3 to 192.0.2.2 self permanent");
    assertThat(kernel.link("fairlead-vxlan")).isNotNull();
    assertThat(text(overlay.retireDevice())).containsExactly("delete link 3");
    assertThat(overlay.audit().applied()).isEmpty();
    assertThat(text(overlay.reconfigure(VXLAN)))
        .hasSize(8)
        .last()
        .asString()
        .startsWith("replace route fd00:10:244:2::/64 via fe80::");
    assertThat(overlay.retireDevice().applied()).isEmpty();
    assertThat(overlay.reconfigure(OverlayOptions.of(OverlayMode.NONE)).applied())
        .hasSize(5)
        .allMatch(operation -> operation instanceof RouteOperation.Delete);
  }

  @Test
  @DisplayName("Another device with our VNI and port is named (pod-network 52)")
  void aConflictIsAProblemAndNothingIsTouched() throws Exception {
    kernel.applyAll(
        new RouteOperation.AddLink(
            "flannel.1", new LinkKind.Vxlan(4097, 8472, null, eth0, false), LinkSettings.NONE));
    kernel.takeApplied();
    Overlay overlay = overlay(VXLAN);
    OverlayOutcome outcome = overlay.replaceNodes(cluster(2));
    assertThat(outcome.applied()).isEmpty();
    assertThat(outcome.failures())
        .extracting(OverlayProblem::toString)
        .containsExactly(
            "node node-1: the VXLAN device flannel.1 uses VNI 4097 on UDP port 8472 already;"
                + " delete it or choose another VNI or port");
    assertThat(overlay.reconfigure(VXLAN.withVni(4098)).failures()).isEmpty();
    assertThat(kernel.link("flannel.1")).isNotNull();
  }

  @Test
  @DisplayName("A device with the wrong parameters is made anew (pod-network 52)")
  void aWrongDeviceIsReplaced() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(cluster(2));
    assertThat(text(overlay.reconfigure(VXLAN.withPort(4789))))
        .hasSize(9)
        .startsWith("delete link 3")
        .element(1)
        .asString()
        .contains("port 4789");
  }

  @Test
  @DisplayName("A stranger's route is left alone and reported (pod-network 45)")
  void aForeignRouteIsNotTouched() throws Exception {
    Route foreign =
        Route.to(Cidr.parse("10.244.2.0/24"))
            .via(IpAddress.parse("192.0.2.9"))
            .dev(eth0)
            .withProtocol(Route.PROTOCOL_STATIC);
    kernel.applyAll(new RouteOperation.Add(foreign));
    Overlay overlay = overlay(HOST_GW);
    OverlayOutcome outcome = overlay.replaceNodes(cluster(3));
    assertThat(outcome.failures())
        .singleElement()
        .asString()
        .startsWith("node node-2: there is a route 10.244.2.0/24 via 192.0.2.9 dev 2 proto 4");
    assertThat(kernel.dump()).contains(foreign.toString(), "10.244.3.0/24 via 192.0.2.3");
    kernel.applyAll(new RouteOperation.Delete(foreign));
    assertThat(text(overlay.handle(List.of(new RouteEvent.Deleted(foreign)))))
        .containsExactly("add route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102");
    assertThat(overlay.status().problems()).isEmpty();
  }

  @Test
  void echoesOfOurOwnChangesChangeNothing() throws Exception {
    Overlay overlay = overlay(VXLAN);
    List<RouteEvent> echoes = new ArrayList<>();
    List<OverlayOutcome> outcomes =
        List.of(
            overlay.replaceNodes(cluster(3)),
            overlay.updateNodes(change("node-3", null)),
            overlay.updateNodes(change("node-3", cluster(3).getLast())),
            overlay.reconfigure(HOST_GW),
            overlay.reconfigure(VXLAN));
    for (OverlayOutcome outcome : outcomes) {
      for (RouteOperation operation : outcome.applied()) {
        if (operation instanceof RouteOperation.Delete(var entry)) {
          echoes.add(new RouteEvent.Deleted(entry));
        } else if (operation instanceof RouteOperation.Add(var entry)) {
          echoes.add(new RouteEvent.Changed(entry));
        } else if (operation instanceof RouteOperation.Replace(var entry)) {
          echoes.add(new RouteEvent.Changed(entry));
        }
      }
    }
    String before = kernel.dump();
    overlay.handle(echoes);
    assertThat(kernel.dump()).isEqualTo(before);
    assertThat(overlay.audit().applied()).isEmpty();
  }

  @Test
  @DisplayName("A rewritten MAC address of the device is set right (pod-network 42)")
  void aRewrittenMacIsCorrected() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(cluster(2));
    kernel.applyAll(
        new RouteOperation.ChangeLink(
            LinkSelector.of(3), LinkSettings.NONE.withMac(MacAddress.parse("02:00:00:00:00:bb"))));
    var link = java.util.Objects.requireNonNull(kernel.link(3));
    assertThat(text(overlay.handle(List.of(new RouteEvent.Changed(link)))))
        .containsExactly("change link 3 mac " + VtepAddress.mac("node-1"));
  }

  @Test
  @DisplayName("The underlay's MTU is followed, less 50 or 70 bytes (pod-network 46)")
  void theMtuFollowsTheUnderlay() throws Exception {
    Overlay overlay = overlay(VXLAN);
    overlay.replaceNodes(cluster(2));
    kernel.applyAll(
        new RouteOperation.ChangeLink(LinkSelector.of(eth0), LinkSettings.NONE.withMtu(9000)));
    var link = java.util.Objects.requireNonNull(kernel.link(eth0));
    assertThat(text(overlay.handle(List.of(new RouteEvent.Changed(link)))))
        .containsExactly("change link 3 mtu 8950");
    assertThat(overlay.handle(List.of(new RouteEvent.Changed(link))).applied()).isEmpty();
    NodeRecord v6 = node("node-1", "2001:db8::1", "fd00:10:244:1::/64");
    overlay.updateNodes(change("node-1", v6));
    assertThat(overlay.status().mtu()).isEqualTo(8930);
  }

  @Test
  void withoutThisNodeNothingIsTouched() throws Exception {
    overlay(VXLAN).replaceNodes(cluster(3));
    String before = kernel.dump();
    Overlay restarted = overlay(VXLAN);
    OverlayOutcome outcome = restarted.replaceNodes(List.of(dual(2)));
    assertThat(outcome.failures()).singleElement().asString().contains("--node-name");
    restarted.replaceNodes(List.of(node("node-1", "203.0.113.1", "10.244.1.0/24")));
    assertThat(restarted.status().problems()).first().asString().contains("carries its InternalIP");
    assertThat(kernel.dump()).isEqualTo(before);
  }

  @Test
  void theReversePathIsMadeLooseOnlyWhereItIsStrict() throws Exception {
    overlay(VXLAN).replaceNodes(cluster(2));
    assertThat(sysctls.resolve("eth0/rp_filter")).hasContent("0");
    Files.writeString(sysctls.resolve("all/rp_filter"), "1\n");
    overlay(VXLAN).replaceNodes(cluster(2));
    assertThat(sysctls.resolve("eth0/rp_filter")).hasContent("2");
    assertThat(sysctls.resolve("fairlead-vxlan/rp_filter")).hasContent("2");
    assertThat(sysctls.resolve("all/rp_filter")).hasContent("1");
    Files.delete(sysctls.resolve("eth0/rp_filter"));
    Overlay overlay = overlay(VXLAN);
    assertThat(overlay.replaceNodes(cluster(2)).failures())
        .singleElement()
        .asString()
        .contains("sysctl -w net.ipv4.conf.eth0.rp_filter=2");
    Files.writeString(sysctls.resolve("eth0/rp_filter"), "1\n");
    assertThat(overlay.updateNodes(change("node-1", cluster(1).getFirst())).failures()).isEmpty();
  }

  @Test
  void cleanupLeavesNothingOfOursAndAllOfOthers() throws Exception {
    String before = kernel.dump();
    overlay(VXLAN).replaceNodes(cluster(3));
    assertThat(Overlay.cleanup(kernel).applied()).hasSize(5);
    assertThat(kernel.dump()).isEqualTo(before);
    assertThat(Overlay.cleanup(kernel).applied()).isEmpty();
  }
}
