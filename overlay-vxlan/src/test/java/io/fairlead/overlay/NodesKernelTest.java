package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.Flow;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nodes come, go, return and dispute a pod CIDR. */
class NodesKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private OverlayLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new OverlayLab(3);
    for (LabNode node : lab.nodes.subList(1, 3)) {
      Overlay overlay = node.overlay(VXLAN);
      assertThat(node.host.call(() -> overlay.replaceNodes(lab.records())).failures()).isEmpty();
    }
  }

  @AfterEach
  void close() {
    lab.close();
    descriptors.assertNoneAdded();
  }

  @Test
  @DisplayName(
      "A node is added, deleted, and added again, while others' traffic goes on (pod-network 41)")
  void addedAndDeleted() throws Exception {
    LabNode first = lab.node(1);
    try (RunningOverlay overlay = RunningOverlay.on(first, VXLAN)) {
      overlay.replaceNodes(lab.records().subList(0, 2));
      assertThat(OverlayLab.ping(first.pod, "10.244.3.2")).isFalse();
      String without = RunningOverlay.state(first);
      Flow flow = new Flow(first.pod, "10.244.2.2");
      for (int i = 0; i < 3; i++) {
        assertThat(overlay.update(lab.node(3).record).applied()).hasSize(5);
        assertThat(OverlayLab.reaches(first.pod, 3)).isTrue();
        assertThat(overlay.update("node-3", null).applied()).hasSize(5);
        assertThat(RunningOverlay.state(first)).isEqualTo(without);
        assertThat(OverlayLab.ping(first.pod, "10.244.3.2")).isFalse();
      }
      flow.assertNothingLost();
    }
  }

  @Test
  @DisplayName(
      "A node that was deleted while the agent was down is cleared up at its start (pod-network"
          + " 41)")
  void deletedMeanwhile() throws Exception {
    LabNode first = lab.node(1);
    try (RunningOverlay overlay = RunningOverlay.on(first, VXLAN)) {
      overlay.replaceNodes(lab.records());
      assertThat(OverlayLab.reaches(first.pod, 3)).isTrue();
    }
    Flow flow = new Flow(first.pod, "10.244.2.2");
    pause();
    try (RunningOverlay restarted = RunningOverlay.on(first, VXLAN)) {
      assertThat(restarted.replaceNodes(lab.records().subList(0, 2)).applied())
          .hasSize(5)
          .allMatch(operation -> operation.toString().startsWith("delete "));
      assertThat(RunningOverlay.state(first)).doesNotContain("10.244.3.", "192.0.2.3 ");
      assertThat(OverlayLab.ping(first.pod, "10.244.3.2")).isFalse();
      pause();
    }
    flow.assertNothingLost();
  }

  private static void pause() {
    // Lets the flow run; no condition marks the end of that.
    LockSupport.parkNanos(500_000_000);
  }

  @Test
  @DisplayName(
      "The same machine under a new name, with the same pod CIDR and address (pod-network 41)")
  void renamed() throws Exception {
    LabNode first = lab.node(1);
    NodeRecord heir =
        Nodes.node("other", "192.0.2.2", "2001:db8::2", "10.244.2.0/24", "fd00:10:244:2::/64");
    try (RunningOverlay overlay = RunningOverlay.on(first, VXLAN)) {
      overlay.replaceNodes(lab.records());
      assertThat(OverlayLab.reaches(first.pod, 2)).isTrue();
      try (RunningOverlay renamed = RunningOverlay.named(lab.node(2), "other", VXLAN)) {
        assertThat(renamed.replaceNodes(List.of(first.record, heir)).failures()).isEmpty();
        // The new Node is there before the old one goes; until then the old one has the CIDR.
        overlay.update(heir);
        assertThat(overlay.status().problems()).isNotEmpty();
        overlay.update("node-2", null);
        assertThat(overlay.status().problems()).isEmpty();
        assertThat(OverlayLab.reaches(first.pod, 2)).isTrue();
        assertThat(OverlayLab.reaches(lab.node(2).pod, 1)).isTrue();
        assertThat(RunningOverlay.state(first))
            .contains(VtepAddress.mac("other").toString())
            .doesNotContain(VtepAddress.mac("node-2").toString());
      }
    }
  }

  @Test
  @DisplayName(
      "Two nodes claim one pod CIDR: the first by name has it whatever came first, the other is"
          + " named, and takes over when the first goes (pod-network 41)")
  void aDisputedPodCidr() throws Exception {
    LabNode first = lab.node(1);
    // The pod of node 3 has the same address as the one of node 2.
    lab.node(3)
        .pod
        .run(
            "sh",
            "-ec",
            "ip addr flush dev eth0; ip addr add 10.244.2.2/24 dev eth0; ip route add default via"
                + " 10.244.2.1");
    lab.node(3).host.run("ip", "addr", "add", "10.244.2.1/24", "dev", "pods");
    NodeRecord second = Nodes.node("node-2", "192.0.2.2", "10.244.2.0/24");
    NodeRecord claimant = Nodes.node("node-3", "192.0.2.3", "10.244.2.0/24");
    for (LabNode node : lab.nodes.subList(1, 3)) {
      Overlay overlay = node.overlay(VXLAN);
      List<NodeRecord> known = List.of(first.record, node.number == 2 ? second : claimant);
      node.host.call(() -> overlay.replaceNodes(known));
    }
    try (RunningOverlay overlay = RunningOverlay.on(first, VXLAN)) {
      overlay.replaceNodes(List.of(first.record, claimant));
      assertThat(answers(first, 3)).isTrue();
      overlay.update(second);
      assertThat(answers(first, 2)).isTrue();
      assertThat(overlay.status().problems())
          .singleElement()
          .asString()
          .contains("node node-3: node node-2 claims its pod CIDR 10.244.2.0/24 too and keeps it");
      overlay.update("node-2", null);
      assertThat(answers(first, 3)).isTrue();
      assertThat(overlay.status().problems()).isEmpty();
      overlay.update(second);
      overlay.update("node-3", null);
      assertThat(answers(first, 2)).isTrue();
      assertThat(RunningOverlay.state(first)).doesNotContain("192.0.2.3");
    }
  }

  /** Whether 10.244.2.2 answers, and it is the pod of that node which does. */
  private boolean answers(LabNode from, int node) {
    long before = received(node);
    return OverlayLab.ping(from.pod, "10.244.2.2") && received(node) > before;
  }

  private long received(int node) {
    String line = lab.node(node).pod.run("sh", "-c", "grep '^Icmp: [0-9]' /proc/net/snmp");
    return Long.parseLong(line.split(" ", -1)[1]);
  }

  @Test
  @DisplayName("A peer without annotations, podCIDR or address blocks no other (pod-network 54)")
  void incompletePeers() throws Exception {
    LabNode first = lab.node(1);
    List<NodeRecord> nodes =
        List.of(
            first.record,
            Nodes.node("a-bare"),
            Nodes.node("b-no-cidr", "192.0.2.7"),
            Nodes.node("c-no-address", "10.244.7.0/24"),
            Nodes.withMac(
                Nodes.node("d-multicast", "192.0.2.8", "10.244.8.0/24"), "01:00:5e:00:00:01"),
            Nodes.withMac(
                Nodes.node("e-ours", "192.0.2.9", "10.244.9.0/24"),
                VtepAddress.mac("node-1").toString()),
            Nodes.node("f-overlaps", "192.0.2.10", "10.244.0.0/16"),
            Nodes.node("g-default", "192.0.2.11", "0.0.0.0/0"),
            Nodes.withMac(lab.node(2).record, VtepAddress.mac("node-2").toString()),
            lab.node(3).record);
    try (RunningOverlay overlay = RunningOverlay.on(first, VXLAN)) {
      assertThat(overlay.replaceNodes(nodes).failures()).isEmpty();
      assertThat(overlay.status().problems())
          .extracting(OverlayProblem::node)
          .contains(
              "a-bare",
              "b-no-cidr",
              "c-no-address",
              "d-multicast",
              "e-ours",
              "f-overlaps",
              "g-default")
          .doesNotContain("node-1", "node-2", "node-3");
      assertThat(OverlayLab.reaches(first.pod, 2)).isTrue();
      assertThat(OverlayLab.reaches(first.pod, 3)).isTrue();
    }
  }
}
