package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A cluster that is moved over node by node: nodes 1 and 3 run fairlead, node 2 is set up with the
 * commands that do what flannel does (IPv4, VNI 1, UDP port 8472).
 */
class FlannelKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN).withVni(1);
  private static final OverlayOptions HOST_GW = OverlayOptions.of(OverlayMode.HOST_GW);
  private static final String FLANNEL_MAC = "6a:9b:1c:2d:3e:4f";

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

  /** What a peer's Node tells: its InternalIP is one that leads nowhere, its public-ip is right. */
  private static NodeRecord flannelNode(String backend, int vni, @Nullable String mac) {
    return Nodes.node("node-2", "203.0.113.2", "10.244.2.0/24")
        .withFlannel(
            new FlannelNode(
                backend,
                vni,
                mac == null ? null : MacAddress.parse(mac),
                IpAddress.parse("192.0.2.2"),
                true));
  }

  private List<NodeRecord> cluster(NodeRecord flannel) {
    return List.of(lab.node(1).record, flannel, lab.node(3).record);
  }

  private static void shell(LabNode node, String commands) {
    node.host.run("sh", "-ec", commands);
  }

  /** As flannel's backend vxlan does for itself, and for each peer from its annotations. */
  private static void setUpFlannel(LabNode node, int... peers) {
    int i = node.number;
    shell(
        node,
        """
        ip link add flannel.1 address %s type vxlan id 1 dstport 8472 local 192.0.2.%d dev eth0 nolearning
        ip addr add 10.244.%d.0/32 dev flannel.1
        ip link set flannel.1 up
        """
            .formatted(FLANNEL_MAC, i, i));
    tellFlannel(node, peers);
  }

  private static void tellFlannel(LabNode node, int... peers) {
    for (int peer : peers) {
      MacAddress mac = VtepAddress.mac("node-" + peer);
      shell(
          node,
          """
          ip neigh replace 10.244.%1$d.0 lladdr %2$s dev flannel.1 nud permanent
          bridge fdb replace %2$s dev flannel.1 dst 192.0.2.%1$d
          ip route replace 10.244.%1$d.0/24 via 10.244.%1$d.0 dev flannel.1 onlink
          """
              .formatted(peer, mac));
    }
  }

  private static void assertReached(TestNamespace from, String address) {
    assertThat(OverlayLab.ping(from, address)).as(address).isTrue();
  }

  /** Pods and nodes of both sides, both ways. */
  private void assertAllReached() {
    for (int ours : new int[] {1, 3}) {
      for (TestNamespace from : List.of(lab.node(ours).pod, lab.node(ours).host)) {
        assertReached(from, "10.244.2.2");
      }
      for (TestNamespace from : List.of(lab.node(2).pod, lab.node(2).host)) {
        assertReached(from, "10.244." + ours + ".2");
      }
    }
    assertReached(lab.node(1).pod, "10.244.3.2");
  }

  @Test
  @DisplayName(
      "Pods of nodes that run flannel are reached through VXLAN and reach ours; our VTEP answers at"
          + " the network address of our pod CIDR (pod-network 49)")
  void vxlan() throws Exception {
    setUpFlannel(lab.node(2), 1, 3);
    try (RunningOverlay first = RunningOverlay.on(lab.node(1), VXLAN);
        RunningOverlay third = RunningOverlay.on(lab.node(3), VXLAN)) {
      List<NodeRecord> cluster = cluster(flannelNode("vxlan", 1, FLANNEL_MAC));
      for (RunningOverlay overlay : List.of(first, third)) {
        assertThat(overlay.replaceNodes(cluster).failures()).isEmpty();
        assertThat(overlay.status().problems()).isEmpty();
      }
      assertAllReached();
      // flannel's gateway for our pods: an address of ours, behind our MAC address.
      assertReached(lab.node(2).host, "10.244.1.0");
      assertThat(lab.node(2).host.run("ip", "route", "get", "10.244.1.2"))
          .contains("via 10.244.1.0 dev flannel.1 src 10.244.2.0");
      assertThat(lab.node(1).host.run("ip", "route", "get", "10.244.2.2"))
          .contains("via 10.244.2.0 dev fairlead-vxlan src 10.244.1.0");

      // flannel's device is made anew there, with another address: its annotation changes.
      String other = "6a:00:00:00:00:01";
      lab.node(2).host.run("ip", "link", "set", "flannel.1", "address", other);
      tellFlannel(lab.node(2), 1, 3); // The kernel forgot its neighbours with the address.
      for (RunningOverlay overlay : List.of(first, third)) {
        overlay.update(flannelNode("vxlan", 1, other));
      }
      assertAllReached();
      assertThat(RunningOverlay.state(lab.node(1))).doesNotContain(FLANNEL_MAC);
    }
  }

  @Test
  @DisplayName(
      "Nodes that run flannel's host-gw are reached plainly in both modes (pod-network 49)")
  void hostGateway() throws Exception {
    for (int peer : new int[] {1, 3}) {
      lab.node(2)
          .host
          .run(
              "ip",
              "route",
              "add",
              "10.244." + peer + ".0/24",
              "via",
              "192.0.2." + peer,
              "dev",
              "eth0");
    }
    NodeRecord flannel = flannelNode("host-gw", 0, null);
    try (RunningOverlay first = RunningOverlay.on(lab.node(1), HOST_GW);
        RunningOverlay third = RunningOverlay.on(lab.node(3), HOST_GW)) {
      for (RunningOverlay overlay : List.of(first, third)) {
        assertThat(overlay.replaceNodes(cluster(flannel)).failures()).isEmpty();
      }
      assertAllReached();
      for (RunningOverlay overlay : List.of(first, third)) {
        assertThat(overlay.reconfigure(VXLAN).failures()).isEmpty();
        assertThat(overlay.status().problems()).isEmpty();
      }
      assertAllReached();
      assertThat(lab.node(1).host.run("ip", "route", "get", "10.244.2.2")).contains("dev eth0");
      assertThat(lab.node(1).host.run("ip", "route", "get", "10.244.3.2")).contains("vxlan");
    }
  }

  @Test
  @DisplayName(
      "A node is moved from flannel to fairlead: flannel.1 is in the way until it goes, then its"
          + " pods are reached again without anybody's help (pod-network 52)")
  void aNodeIsMoved() throws Exception {
    setUpFlannel(lab.node(2), 1, 3);
    try (RunningOverlay first = RunningOverlay.on(lab.node(1), VXLAN);
        RunningOverlay moved = RunningOverlay.on(lab.node(2), VXLAN)) {
      NodeRecord flannel = flannelNode("vxlan", 1, FLANNEL_MAC);
      first.replaceNodes(cluster(flannel));
      assertReached(lab.node(1).pod, "10.244.2.2");

      NodeRecord ours = Nodes.withMac(lab.node(2).record, VtepAddress.mac("node-2").toString());
      List<NodeRecord> all = List.of(lab.node(1).record, ours, lab.node(3).record);
      assertThat(moved.replaceNodes(all).failures())
          .singleElement()
          .asString()
          .contains("the VXLAN device flannel.1 uses VNI 1 on UDP port 8472 already");
      assertThat(lab.node(2).host.run("bridge", "fdb", "show", "dev", "flannel.1"))
          .contains(VtepAddress.mac("node-1").toString());
      lab.node(2).host.run("ip", "link", "del", "flannel.1");
      RunningOverlay.await("made", () -> moved.status().problems().isEmpty());
      first.update(ours.withFlannel(flannel.flannel()));
      RunningOverlay.await(
          "reached",
          () -> OverlayLab.reaches(lab.node(1).pod, 2) && OverlayLab.reaches(lab.node(2).pod, 1));
      assertThat(RunningOverlay.state(lab.node(1))).doesNotContain(FLANNEL_MAC);
    }
  }

  @Test
  @DisplayName(
      "A peer whose flannel annotations are corrupt, or of another VNI, is named and blocks nobody"
          + " (pod-network 54)")
  void badPeersBlockNobody() throws Exception {
    try (RunningOverlay first = RunningOverlay.on(lab.node(1), VXLAN);
        RunningOverlay third = RunningOverlay.on(lab.node(3), VXLAN)) {
      third.replaceNodes(lab.records());
      List<NodeRecord> bad =
          List.of(
              flannelNode("vxlan", 7, FLANNEL_MAC),
              flannelNode("vxlan", 1, null),
              flannelNode("vxlan", 1, "01:00:5e:00:00:01"),
              flannelNode("udp", 0, null));
      List<String> words =
          List.of("uses VNI 7 and this node 1", "no VtepMAC", "no VtepMAC", "the backend udp");
      for (int i = 0; i < bad.size(); i++) {
        assertThat(first.replaceNodes(cluster(bad.get(i))).failures()).isEmpty();
        assertThat(first.status().problems())
            .singleElement()
            .satisfies(problem -> assertThat(problem.node()).isEqualTo("node-2"))
            .asString()
            .contains(words.get(i));
        assertReached(lab.node(1).pod, "10.244.3.2");
      }
    }
  }
}
