package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.Flow;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pods of different nodes reach each other, and nothing is lost when the way changes. */
class OverlayKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);
  private static final OverlayOptions HOST_GW = OverlayOptions.of(OverlayMode.HOST_GW);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private OverlayLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new OverlayLab(3);
  }

  @AfterEach
  void close() {
    lab.close();
    descriptors.assertNoneAdded();
  }

  /** An overlay on each node, in the kernel already. */
  private List<Overlay> start(OverlayOptions options) throws Exception {
    List<Overlay> overlays = new ArrayList<>();
    for (LabNode node : lab.nodes) {
      Overlay overlay = node.overlay(options);
      OverlayOutcome outcome = node.host.call(() -> overlay.replaceNodes(lab.records()));
      assertThat(outcome.failures()).isEmpty();
      overlays.add(overlay);
    }
    return overlays;
  }

  private void assertAllReachable() {
    for (LabNode from : lab.nodes) {
      for (LabNode to : lab.nodes) {
        assertThat(OverlayLab.reaches(from.pod, to.number))
            .as("pod " + from.number + " to pod " + to.number)
            .isTrue();
        assertThat(OverlayLab.reaches(from.host, to.number))
            .as("node " + from.number + " to pod " + to.number)
            .isTrue();
      }
    }
  }

  private static String sentByTunnel(LabNode node) {
    return node.host
        .run("sh", "-c", "ip -s link show fairlead-vxlan | tail -1 | awk '{print $2}'")
        .strip();
  }

  @Test
  void podsReachEachOtherThroughVxlan() throws Exception {
    List<Overlay> overlays = start(VXLAN);
    assertAllReachable();
    LabNode node = lab.node(1);
    assertThat(node.host.run("ip", "-d", "link", "show", "fairlead-vxlan"))
        .contains(
            "vxlan id 4097 local 192.0.2.1 dev eth0", "dstport 8472", "nolearning", "mtu 1450")
        .contains(VtepAddress.mac("node-1").toString());
    assertThat(node.host.run("ip", "route", "get", "10.244.2.2"))
        .contains("via 10.244.2.0 dev fairlead-vxlan src 10.244.1.0");
    OverlayStatus status = overlays.getFirst().status();
    assertThat(status.peers()).isEqualTo(2);
    assertThat(status.routes()).isEqualTo(4);
    assertThat(status.problems()).isEmpty();
  }

  @Test
  void podsReachEachOtherThroughTheirNodes() throws Exception {
    start(HOST_GW);
    assertAllReachable();
    for (LabNode node : lab.nodes) {
      // Only what IPv6 says by itself on a new link, no packet of ours.
      assertThat(node.host.run("ip", "route", "show", "proto", "102")).doesNotContain("vxlan");
    }
  }

  @Test
  @DisplayName("Nothing is lost while nodes switch one after the other (pod-network 49)")
  void switchingLosesNothing() throws Exception {
    for (LabNode node : lab.nodes) {
      node.host.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter");
    }
    List<Overlay> overlays = start(VXLAN);
    assertAllReachable();
    List<Flow> flows = lab.flows();
    for (OverlayOptions options : List.of(HOST_GW, VXLAN, HOST_GW)) {
      for (LabNode node : lab.nodes) {
        pause(300);
        OverlayOutcome outcome =
            node.host.call(() -> overlays.get(node.number - 1).reconfigure(options));
        assertThat(outcome.failures()).isEmpty();
      }
    }
    pause(300);
    for (LabNode node : lab.nodes) {
      overlays.get(node.number - 1).retireDevice();
      assertThat(node.kernel.link("fairlead-vxlan")).isNull();
    }
    pause(300);
    for (Flow flow : flows) {
      flow.assertNothingLost();
    }
  }

  @Test
  @DisplayName("A cluster that began with host-gw loses nothing either (pod-network 49)")
  void theStandbyReceiverHearsTheFirstPacket() throws Exception {
    List<Overlay> overlays = start(HOST_GW);
    assertAllReachable();
    String before = sentByTunnel(lab.node(2));
    List<Flow> flows = lab.flows();
    pause(300);
    lab.node(1).host.call(() -> overlays.getFirst().reconfigure(VXLAN));
    pause(500);
    for (Flow flow : flows) {
      flow.assertNothingLost();
    }
    assertThat(sentByTunnel(lab.node(2))).as("node 2 still sends plainly").isEqualTo(before);
  }

  @Test
  @DisplayName(
      "The strict reverse path check would lose packets of the mixed phase (pod-network 49)")
  void theReversePathMatters() throws Exception {
    LabNode first = lab.node(1);
    LabNode second = lab.node(2);
    for (LabNode node : lab.nodes) {
      node.host.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter");
    }
    Overlay plain = first.overlay(HOST_GW);
    first.host.call(() -> plain.replaceNodes(lab.records()));
    // The other node's overlay is kept from the settings: it writes to another folder.
    Overlay strict =
        new Overlay(
            second.kernel,
            new ReversePathFilter(Path.of("/nonexistent")),
            second.record.name(),
            VXLAN);
    OverlayOutcome outcome = strict.replaceNodes(lab.records());
    assertThat(outcome.failures()).isNotEmpty();
    assertThat(OverlayLab.ping(first.pod, "10.244.2.2")).isFalse();
    Overlay loose = second.overlay(VXLAN);
    assertThat(second.host.call(() -> loose.replaceNodes(lab.records())).applied()).isEmpty();
    assertThat(OverlayLab.ping(first.pod, "10.244.2.2")).isTrue();
  }

  @Test
  @DisplayName("A restart touches nothing in the kernel and loses nothing (pod-network 53)")
  void aRestartIsSilent() throws Exception {
    for (OverlayOptions options : List.of(VXLAN, HOST_GW)) {
      start(options);
      List<Flow> flows = lab.flows();
      pause(1200);
      LabNode node = lab.node(1);
      LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
      try (RouteMonitor _ = node.host.call(() -> RouteMonitor.start(events::add, problem -> {}))) {
        Overlay restarted = node.overlay(options);
        assertThat(node.host.call(() -> restarted.replaceNodes(lab.records())).applied()).isEmpty();
        node.host.run("ip", "rule", "add", "priority", "999", "table", "999");
        List<RouteEvent> ours = new ArrayList<>();
        RouteEvent event = events.poll(5, TimeUnit.SECONDS);
        while (event != null && !event.toString().contains("priority 999")) {
          ours.add(event);
          event = events.poll(5, TimeUnit.SECONDS);
        }
        assertThat(event).as("the end of the restart").isNotNull();
        assertThat(ours)
            .filteredOn(e -> !e.toString().contains("neighbour") || e.toString().contains("102"))
            .isEmpty();
      }
      for (Flow flow : flows) {
        flow.assertNothingLost();
      }
      node.host.run("ip", "rule", "del", "priority", "999");
    }
  }

  @Test
  @DisplayName("What others delete or rewrite is restored (pod-network 42, 44, 45)")
  void damageIsRepaired() throws Exception {
    Overlay overlay = start(VXLAN).getFirst();
    LabNode node = lab.node(1);
    String mac = VtepAddress.mac("node-2").toString();
    List<String> damages =
        List.of(
            "ip route del 10.244.2.0/24",
            "ip route replace 10.244.2.0/24 via 192.0.2.3 proto 102",
            "ip -6 route del fd00:10:244:2::/64",
            "ip neigh del 10.244.2.0 dev fairlead-vxlan",
            "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:99 dev fairlead-vxlan",
            "ip -6 neigh flush dev fairlead-vxlan nud permanent",
            "bridge fdb del " + mac + " dev fairlead-vxlan dst 192.0.2.2",
            "bridge fdb replace " + mac + " dev fairlead-vxlan dst 192.0.2.3",
            "ip link set fairlead-vxlan address 02:00:00:00:00:99",
            "ip link set fairlead-vxlan down",
            "ip link set fairlead-vxlan mtu 1300",
            "ip addr del 10.244.1.0/32 dev fairlead-vxlan",
            "ip link del fairlead-vxlan");
    LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
    try (RouteMonitor _ = node.host.call(() -> RouteMonitor.start(events::add, problem -> {}))) {
      String before = state(node);
      for (String damage : damages) {
        node.host.run("sh", "-c", damage);
        assertThat(state(node)).as(damage).isNotEqualTo(before);
        handleUntil(node, overlay, events, () -> state(node).equals(before));
        assertThat(OverlayLab.reaches(node.pod, 2)).as("after " + damage).isTrue();
      }
    }
    assertThat(overlay.audit().applied()).as("nothing is left to repair").isEmpty();
  }

  /** All that is ours on a node, without numbers that a new device changes. */
  private static String state(LabNode node) throws Exception {
    String link =
        node.host.tryRun("sh", "-c", "ip -d link show fairlead-vxlan | sed 's/^[0-9]*//'").out();
    return link.replaceAll("(state|qlen|gso|tso|gro|queue)\\S* \\S+", "")
        + node.host
            .tryRun("sh", "-c", "ip -br addr show fairlead-vxlan | sed 's/@.*global//'")
            .out()
            .replaceAll("fe80\\S+", "")
        + node.host.run("ip", "route", "show", "proto", "102")
        + node.host.run("ip", "-6", "route", "show", "proto", "102")
        + node.host.run("sh", "-c", "ip neigh show nud permanent | sort")
        + node.host.run("sh", "-c", "bridge fdb show | grep dst | sort");
  }

  @Test
  @DisplayName("Routes return when the underlay's link was down (pod-network 47)")
  void aLinkFlapIsSurvived() throws Exception {
    Overlay overlay = start(HOST_GW).getFirst();
    LabNode node = lab.node(1);
    LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
    try (RouteMonitor _ = node.host.call(() -> RouteMonitor.start(events::add, problem -> {}))) {
      String before = node.host.run("ip", "route", "show", "proto", "102");
      node.host.run("ip", "link", "set", "eth0", "down");
      node.host.run("ip", "link", "set", "eth0", "up");
      handleUntil(
          node,
          overlay,
          events,
          () -> node.host.run("ip", "route", "show", "proto", "102").equals(before));
      assertThat(OverlayLab.ping(node.pod, "10.244.2.2")).isTrue();
    }
  }

  @Test
  @DisplayName("Nodes come, go and come back with another address (pod-network 41)")
  void nodesComeAndGo() throws Exception {
    List<Overlay> overlays = start(VXLAN);
    for (Overlay overlay : overlays.subList(0, 2)) {
      assertThat(overlay.updateNodes(List.of(new NodeChanged("node-3", null))).applied())
          .hasSize(5);
    }
    assertThat(OverlayLab.ping(lab.node(1).pod, "10.244.3.2")).isFalse();
    LabNode third = lab.node(3);
    third.host.run("ip", "addr", "add", "192.0.2.33/24", "dev", "eth0");
    third.host.run("ip", "addr", "del", "192.0.2.3/24", "dev", "eth0");
    third.host.run("sh", "-c", "ip addr add 192.0.2.33/24 dev eth0 2>/dev/null; true");
    var moved =
        Nodes.node("node-3", "192.0.2.33", "2001:db8::3", "10.244.3.0/24", "fd00:10:244:3::/64");
    for (LabNode node : lab.nodes) {
      OverlayOutcome outcome =
          node.host.call(() ->
              overlays.get(node.number - 1).updateNodes(List.of(new NodeChanged("node-3", moved))));
      assertThat(outcome.failures()).isEmpty();
    }
    assertAllReachable();
  }

  @Test
  @DisplayName("A VNI or a port that is taken is named with its owner (pod-network 52)")
  void conflictsAreNamed() throws Exception {
    LabNode node = lab.node(1);
    node.host.run(
        "ip", "link", "add", "flannel.1", "type", "vxlan", "id", "4097", "dstport", "8472");
    Overlay overlay = node.overlay(VXLAN);
    LinkedBlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
    try (RouteMonitor _ = node.host.call(() -> RouteMonitor.start(events::add, problem -> {}))) {
      assertThat(node.host.call(() -> overlay.replaceNodes(lab.records())).failures())
          .singleElement()
          .asString()
          .contains("the VXLAN device flannel.1 uses VNI 4097 on UDP port 8472 already");
      try (DatagramSocket _ = node.host.call(() -> new DatagramSocket(8472))) {
        node.host.run("ip", "link", "del", "flannel.1");
        handleUntil(
            node,
            overlay,
            events,
            () -> overlay.status().problems().toString().contains("UDP port 8472 is in use by"));
        // What our own failed attempt causes must not make us try for ever.
        handle(node, overlay, events, 4000);
        assertThat(handle(node, overlay, events, 500))
            .filteredOn(event -> event.toString().contains(TunnelDevice.NAME))
            .isEmpty();
      }
      assertThat(node.host.call(overlay::audit).failures()).isEmpty();
      assertThat(node.kernel.link("fairlead-vxlan")).isNotNull();
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Lets the overlay handle events until the condition holds, for at most 5 s. */
  private static void handleUntil(
      LabNode node, Overlay overlay, LinkedBlockingQueue<RouteEvent> events, Condition condition)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("time to be right again").isLessThan(end);
      handle(node, overlay, events, 1000);
    }
  }

  /** Handles and returns the events that come within some time. */
  private static List<RouteEvent> handle(
      LabNode node, Overlay overlay, LinkedBlockingQueue<RouteEvent> events, int milliseconds)
      throws Exception {
    List<RouteEvent> batch = new ArrayList<>();
    RouteEvent first = events.poll(milliseconds, TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      events.drainTo(batch);
      node.host.call(() -> overlay.handle(batch));
    }
    return batch;
  }

  @Test
  @DisplayName("The tunnel runs over IPv6 as well, with 70 bytes less (pod-network 46)")
  void theUnderlayMayBeIpv6() throws Exception {
    List<NodeRecord> records = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      records.add(
          Nodes.node(
              "node-" + i,
              "2001:db8::" + i,
              "10.244." + i + ".0/24",
              "fd00:10:244:" + i + "::/64"));
    }
    for (LabNode node : lab.nodes) {
      Overlay overlay = node.overlay(VXLAN);
      assertThat(node.host.call(() -> overlay.replaceNodes(records)).failures()).isEmpty();
      assertThat(overlay.status().mtu()).isEqualTo(1430);
      Overlay restarted = node.overlay(VXLAN);
      assertThat(node.host.call(() -> restarted.replaceNodes(records)).applied()).isEmpty();
    }
    assertAllReachable();
  }

  @Test
  void oneFamilyThatTheHostRefusesDoesNotStopTheOther() throws Exception {
    LabNode node = lab.node(1);
    node.host.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
    Overlay overlay = node.overlay(VXLAN);
    OverlayOutcome outcome = node.host.call(() -> overlay.replaceNodes(lab.records()));
    assertThat(outcome.failures())
        .isNotEmpty()
        .allMatch(p -> p.sentence().contains("IPv6 is disabled"));
    Overlay second = lab.node(2).overlay(VXLAN);
    lab.node(2).host.call(() -> second.replaceNodes(lab.records()));
    assertThat(OverlayLab.ping(node.pod, "10.244.2.2")).isTrue();
  }

  @Test
  void cleanupLeavesNothingBehind() throws Exception {
    LabNode node = lab.node(1);
    // The bridge's carrier comes when its port forwards, whatever we do: "linkdown" is not ours.
    String[] state = {
      "sh", "-c", "ip -br link | cut -d' ' -f1; ip route | sed 's/linkdown //'; ip -6 route"
    };
    String before = node.host.run(state);
    start(VXLAN);
    Overlay.cleanup(node.kernel);
    assertThat(node.host.run(state)).isEqualTo(before);
  }

  private static void pause(int milliseconds) {
    // Lets the flows run in the state as it is; no condition marks the end of that.
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }
}
