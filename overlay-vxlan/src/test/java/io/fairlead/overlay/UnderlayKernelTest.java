package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The network between the nodes changes, and running overlays follow. */
class UnderlayKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);
  private static final OverlayOptions HOST_GW = OverlayOptions.of(OverlayMode.HOST_GW);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final List<RunningOverlay> overlays = new ArrayList<>();
  private OverlayLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new OverlayLab(3);
  }

  @AfterEach
  void close() {
    overlays.forEach(RunningOverlay::close);
    lab.close();
    descriptors.assertNoneAdded();
  }

  private void start(OverlayOptions options, List<NodeRecord> records) throws Exception {
    for (LabNode node : lab.nodes) {
      RunningOverlay overlay = RunningOverlay.on(node, options);
      overlays.add(overlay);
      assertThat(overlay.replaceNodes(records).failures()).isEmpty();
    }
  }

  private void assertReached(int from, int to) throws Exception {
    RunningOverlay.await(
        "pods " + from + " and " + to + " reach each other",
        () ->
            OverlayLab.reaches(lab.node(from).pod, to)
                && OverlayLab.reaches(lab.node(to).pod, from));
  }

  private static boolean fits(LabNode from, String to, int packet) {
    String size = Integer.toString(packet - (to.contains(":") ? 48 : 28));
    return from.host.tryRun("ping", "-n", "-c1", "-W2", "-Mdo", "-s", size, to).exit() == 0;
  }

  private void setMtu(int mtu) throws Exception {
    for (LabNode node : lab.nodes) {
      lab.ethernet.run("ip", "link", "set", "port" + node.number, "mtu", "" + mtu);
      node.host.run("ip", "link", "set", "eth0", "mtu", "" + mtu);
    }
  }

  private void assertMtuFollows(int overhead) throws Exception {
    for (int mtu : new int[] {9000, 1600, 1500}) {
      setMtu(mtu);
      int inner = mtu - overhead;
      for (RunningOverlay overlay : overlays) {
        RunningOverlay.await("MTU " + inner, () -> overlay.podMtu() == inner);
      }
      for (String address : List.of("10.244.2.0", "fd00:10:244:2::")) {
        assertThat(fits(lab.node(1), address, inner)).as("%d bytes to %s", inner, address).isTrue();
        assertThat(fits(lab.node(1), address, inner + 1)).as("one byte more").isFalse();
      }
    }
    assertReached(1, 2);
  }

  @Test
  @DisplayName(
      "The device's MTU follows the underlay's, up to jumbo frames, less 50 (pod-network 46)")
  void mtuOverIpv4() throws Exception {
    start(VXLAN, lab.records());
    assertMtuFollows(50);
  }

  @Test
  @DisplayName("Over IPv6 it is 70 less, for pods of both families (pod-network 46)")
  void mtuOverIpv6() throws Exception {
    List<NodeRecord> records = new ArrayList<>();
    for (LabNode node : lab.nodes) {
      records.add(
          Nodes.node(
              node.record.name(),
              "2001:db8::" + node.number,
              "10.244." + node.number + ".0/24",
              "fd00:10:244:" + node.number + "::/64"));
    }
    start(VXLAN, records);
    assertMtuFollows(70);
  }

  @Test
  @DisplayName(
      "Link flap, lost carrier, DHCP renewal: everything comes back, in both modes"
          + " (pod-network 47)")
  void flaps() throws Exception {
    LabNode node = lab.node(1);
    start(VXLAN, lab.records());
    for (OverlayOptions options : List.of(VXLAN, HOST_GW)) {
      for (RunningOverlay overlay : overlays) {
        assertThat(overlay.reconfigure(options).failures()).isEmpty();
      }
      assertReached(1, 2);
      String before = RunningOverlay.state(node);
      for (String event :
          List.of(
              "ip link set eth0 down; ip link set eth0 up; ip addr add 2001:db8::1/64 dev eth0",
              "ip addr del 192.0.2.1/24 dev eth0; ip addr add 192.0.2.1/24 dev eth0",
              "ip addr del 192.0.2.1/24 dev eth0; sleep 0.3; ip addr add 192.0.2.1/24 dev eth0",
              "ip addr del 2001:db8::1/64 dev eth0; ip addr add 2001:db8::1/64 dev eth0",
              "ip addr flush dev eth0 scope global; ip addr add 192.0.2.1/24 dev eth0; ip addr add"
                  + " 2001:db8::1/64 dev eth0")) {
        node.host.run("sh", "-ec", event);
        RunningOverlay.await(
            options.mode() + " is right after: " + event,
            () -> RunningOverlay.state(node).equals(before));
        assertReached(1, 2);
      }
      lab.ethernet.run("sh", "-c", "ip link set port1 down; sleep 0.2; ip link set port1 up");
      assertReached(1, 2);
      assertThat(RunningOverlay.state(node)).isEqualTo(before);
      assertThat(overlays.getFirst().status().problems()).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "The node's address changes without a restart, whether the link or the Node is first"
          + " (pod-network 47)")
  void theAddressChanges() throws Exception {
    start(VXLAN, lab.records());
    for (OverlayOptions options : List.of(VXLAN, HOST_GW)) {
      for (RunningOverlay overlay : overlays) {
        assertThat(overlay.reconfigure(options).failures()).isEmpty();
      }
      String old = "192.0.2.1";
      int next = 11;
      for (boolean linkFirst : new boolean[] {true, false, true}) {
        String fresh = "192.0.2." + next++;
        NodeRecord moved =
            Nodes.node("node-1", fresh, "2001:db8::1", "10.244.1.0/24", "fd00:10:244:1::/64");
        if (!linkFirst) {
          overlays.getFirst().update(moved);
          assertThat(overlays.getFirst().status().problems().toString())
              .contains("no link of this node carries its InternalIP " + fresh);
        }
        lab.node(1)
            .host
            .run(
                "sh",
                "-ec",
                "ip addr del " + old + "/24 dev eth0; ip addr add " + fresh + "/24 dev eth0");
        for (RunningOverlay overlay : overlays) {
          overlay.update(moved);
        }
        RunningOverlay.await(
            "no problem with " + fresh, () -> overlays.getFirst().status().problems().isEmpty());
        assertReached(1, 2);
        assertReached(3, 1);
        assertThat(RunningOverlay.state(lab.node(2))).doesNotContain(" " + old + " ");
        assertThat(RunningOverlay.state(lab.node(1))).contains("local " + fresh);
        old = fresh;
      }
      lab.node(1)
          .host
          .run(
              "sh",
              "-ec",
              "ip addr del " + old + "/24 dev eth0; ip addr add 192.0.2.1/24 dev eth0");
      for (RunningOverlay overlay : overlays) {
        overlay.update(lab.node(1).record);
      }
    }
  }

  /** The switch routes between two subnets; node 2 moves from one to the other, or back. */
  private NodeRecord move(boolean away) throws Exception {
    String from = away ? "192.0.2" : "198.51.100";
    String to = away ? "198.51.100" : "192.0.2";
    lab.node(2)
        .host
        .run(
            "sh",
            "-ec",
            "ip addr del "
                + from
                + ".2/24 dev eth0; ip addr add "
                + to
                + ".2/24 dev eth0; ip route replace default via "
                + to
                + ".254");
    return Nodes.node("node-2", to + ".2", "10.244.2.0/24");
  }

  private void route() throws Exception {
    lab.ethernet.run(
        "sh",
        "-ec",
        "echo 1 >/proc/sys/net/ipv4/ip_forward; ip addr add 192.0.2.254/24 dev switch; ip addr add"
            + " 198.51.100.254/24 dev switch");
    for (LabNode node : lab.nodes) {
      // The router's hint that a shorter way exists would hide a wrong route.
      node.host.run(
          "sh",
          "-ec",
          "ip route add default via 192.0.2.254; for l in all eth0; do echo 0"
              + " >/proc/sys/net/ipv4/conf/$l/accept_redirects; done");
    }
  }

  @Test
  @DisplayName(
      "DirectRouting: a peer moves to another subnet and back, and leaves no stale entry"
          + " (pod-network 48)")
  void directRouting() throws Exception {
    route();
    start(VXLAN.withDirectRouting(true), lab.records());
    String ours = VtepAddress.mac("node-2").toString();
    for (boolean away : new boolean[] {false, true, false, true, false}) {
      NodeRecord record =
          away || !RunningOverlay.state(lab.node(1)).contains("10.244.2.0/24 via 192.0.2.2")
              ? move(away)
              : Nodes.node("node-2", "192.0.2.2", "10.244.2.0/24");
      for (RunningOverlay overlay : overlays) {
        overlay.update(record);
      }
      RunningOverlay.await("no problem", () -> overlays.get(1).status().problems().isEmpty());
      RunningOverlay.await(
          "reached",
          () ->
              OverlayLab.ping(lab.node(1).pod, "10.244.2.2")
                  && OverlayLab.ping(lab.node(2).pod, "10.244.1.2")
                  && OverlayLab.ping(lab.node(2).host, "10.244.3.2"));
      for (int peer : new int[] {1, 3}) {
        String state = RunningOverlay.state(lab.node(peer));
        assertThat(state.contains("10.244.2.0/24 via 192.0.2.2 ")).isEqualTo(!away);
        assertThat(state.contains("neighbour 10.244.2.0 ")).isEqualTo(away);
        assertThat(state.contains("forwarding " + ours)).isEqualTo(away);
        assertThat(state).doesNotContain(away ? "192.0.2.2 " : "198.51.100.2");
      }
    }
  }

  @Test
  @DisplayName(
      "host-gw: a peer in another subnet is an error and no black hole; it is reached when it is"
          + " back (pod-network 50)")
  void notAdjacent() throws Exception {
    route();
    start(HOST_GW, lab.records());
    assertReached(1, 2);
    NodeRecord away = move(true);
    for (RunningOverlay overlay : overlays) {
      overlay.update(away);
    }
    for (RunningOverlay overlay : List.of(overlays.get(0), overlays.get(2))) {
      assertThat(overlay.status().problems())
          .singleElement()
          .asString()
          .startsWith(
              "node node-2: its pods of 10.244.2.0/24 cannot be reached in mode host-gw: its"
                  + " address 198.51.100.2 is not on this node's link eth0");
    }
    assertThat(lab.node(1).host.run("ip", "route")).doesNotContain("10.244.2.0/24");
    assertReached(1, 3);
    NodeRecord back = move(false);
    for (RunningOverlay overlay : overlays) {
      overlay.update(back);
    }
    assertThat(overlays.getFirst().status().problems()).isEmpty();
    RunningOverlay.await("reached", () -> OverlayLab.ping(lab.node(1).pod, "10.244.2.2"));
  }
}
