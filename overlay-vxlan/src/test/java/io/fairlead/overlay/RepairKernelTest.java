package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What others do to the overlay behind its back is undone by events, at once. */
class RepairKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private OverlayLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new OverlayLab(2);
    Overlay other = lab.node(2).overlay(VXLAN);
    lab.node(2).host.call(() -> other.replaceNodes(lab.records()));
  }

  @AfterEach
  void close() {
    lab.close();
    descriptors.assertNoneAdded();
  }

  private RunningOverlay start() throws Exception {
    RunningOverlay overlay = RunningOverlay.on(lab.node(1), VXLAN);
    assertThat(overlay.replaceNodes(lab.records()).failures()).isEmpty();
    return overlay;
  }

  @Test
  @DisplayName(
      "Whatever is deleted or rewritten comes back, one by one and all at once"
          + " (pod-network 42, 43, 44, 45)")
  void everyDamageIsRepaired() throws Exception {
    String mac = VtepAddress.mac("node-2").toString();
    List<String> damages =
        List.of(
            "ip route del 10.244.2.0/24",
            "ip route replace 10.244.2.0/24 via 192.0.2.3 proto 102",
            "ip route replace 10.244.2.0/24 via 192.0.2.3 proto static",
            "ip -6 route del fd00:10:244:2::/64",
            "ip route flush proto 102",
            "ip neigh del 10.244.2.0 dev fairlead-vxlan",
            "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:99 dev fairlead-vxlan",
            "ip neigh change 10.244.2.0 lladdr " + mac + " dev fairlead-vxlan nud stale",
            "ip -6 neigh flush dev fairlead-vxlan nud permanent",
            "bridge fdb del " + mac + " dev fairlead-vxlan dst 192.0.2.2",
            "bridge fdb replace " + mac + " dev fairlead-vxlan dst 192.0.2.3",
            "bridge fdb flush dev fairlead-vxlan",
            "ip link set fairlead-vxlan address 02:00:00:00:00:99",
            "ip link set fairlead-vxlan down",
            "ip link set fairlead-vxlan mtu 1300",
            "ip link set fairlead-vxlan master pods",
            "ip link set fairlead-vxlan down && ip link set fairlead-vxlan name stolen",
            "ip addr del 10.244.1.0/32 dev fairlead-vxlan",
            "ip addr flush dev fairlead-vxlan",
            "ip addr add 10.244.2.7/24 dev fairlead-vxlan",
            "ip link del fairlead-vxlan",
            "ip route flush proto 102; bridge fdb flush dev fairlead-vxlan; ip neigh flush dev"
                + " fairlead-vxlan nud permanent; ip addr flush dev fairlead-vxlan; ip link set"
                + " fairlead-vxlan mtu 1300 address 02:00:00:00:00:99; ip link del fairlead-vxlan");
    LabNode node = lab.node(1);
    List<String> times = new ArrayList<>();
    try (RunningOverlay overlay = start()) {
      assertThat(OverlayLab.reaches(node.pod, 2)).isTrue();
      String before = RunningOverlay.state(node);
      assertThat(before).contains(VtepAddress.mac("node-1").toString());
      for (String damage : damages) {
        int repairs = overlay.repairs.get();
        // The shell notes when its last command has ended, so that its own time does not count. A
        // flush gives up where its entries come back while it looks: that is a damage, too.
        String end = node.host.run("sh", "-c", damage + "; date +%s%N").lines().toList().getLast();
        RunningOverlay.await(
            "repaired after: " + damage,
            () -> overlay.repairs.get() > repairs && RunningOverlay.state(node).equals(before));
        long now = java.time.Instant.now().toEpochMilli() * 1000;
        double milliseconds = now / 1000.0 - Long.parseLong(end) / 1e6;
        times.add(String.format(Locale.ROOT, "%6.1f ms  %s", Math.max(0, milliseconds), damage));
        assertThat(OverlayLab.reaches(node.pod, 2)).as("after " + damage).isTrue();
      }
      assertThat(overlay.audit()).as("nothing is left to repair").isEmpty();
    }
    System.out.println("at the latest, after the damage was done:\n" + String.join("\n", times));
  }

  @Test
  @DisplayName("What is not ours is neither changed nor removed by repairs (pod-network 45)")
  void foreignThingsStay() throws Exception {
    LabNode node = lab.node(1);
    node.host.run(
        "sh",
        "-c",
        "ip route add 10.244.9.0/24 via 192.0.2.9; ip route add 10.245.0.0/16 via 192.0.2.9 proto"
            + " bird; ip -6 route add fd00:9::/64 via 2001:db8::9; ip neigh add 192.0.2.9 lladdr"
            + " 02:00:00:00:00:09 dev eth0 nud permanent; ip link add flannel.1 type vxlan id 1"
            + " dstport 8472 dev eth0 nolearning; ip link set flannel.1 up; bridge fdb add"
            + " 02:00:00:00:00:08 dev flannel.1 dst 192.0.2.9; ip rule add priority 900 table 900");
    String foreign =
        "ip route | grep 192.0.2.9; ip -6 route | grep fd00:9; ip neigh show dev eth0 nud"
            + " permanent; ip -d -o link show flannel.1 | cut -d' ' -f2-8; bridge fdb show dev"
            + " flannel.1 | grep dst; ip rule";
    String before = node.host.run("sh", "-c", foreign);
    try (RunningOverlay overlay = start()) {
      String ours = RunningOverlay.state(node);
      node.host.run("ip", "link", "del", "fairlead-vxlan");
      RunningOverlay.await("repaired", () -> RunningOverlay.state(node).equals(ours));
      node.host.run("ip", "route", "flush", "proto", "102");
      RunningOverlay.await("repaired", () -> RunningOverlay.state(node).equals(ours));
      assertThat(overlay.audit()).isEmpty();
    }
    Overlay.cleanup(node.kernel);
    assertThat(node.host.run("sh", "-c", foreign)).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "Who rewrites a route and the device without end gets an answer a second, is reported, and"
          + " delays nothing else (pod-network 42, 45)")
  void aFightIsBounded() throws Exception {
    LabNode node = lab.node(1);
    try (RunningOverlay overlay = start()) {
      String before = RunningOverlay.state(node);
      int repairs = overlay.repairs.get();
      Process rewriter =
          node.host.start(
              List.of(
                  "sh",
                  "-c",
                  "(while :; do echo route replace 10.244.2.0/24 via 192.0.2.3 proto 102; echo link"
                      + " set fairlead-vxlan address 02:00:00:00:00:99; done) | ip -batch -"));
      try {
        long end = System.nanoTime() + 3_000_000_000L;
        RunningOverlay.await(
            "the fight is reported",
            () ->
                overlay.status().problems().stream()
                    .anyMatch(p -> p.sentence().contains("keeps changing the pod CIDR")));
        node.host.run("ip", "-6", "route", "del", "fd00:10:244:2::/64");
        RunningOverlay.await(
            "another route is repaired meanwhile",
            () -> RunningOverlay.state(node).contains("route fd00:10:244:2::/64"));
        // On a slow processor it takes longer until the device was rewritten often enough.
        long patience = end + 60_000_000_000L;
        while (System.nanoTime() < end
            || (!isDeviceContested(overlay) && System.nanoTime() < patience)) {
          LockSupport.parkNanos(10_000_000);
        }
        assertThat(isDeviceContested(overlay)).as("the fight over the device is reported").isTrue();
      } finally {
        List<ProcessHandle> children = rewriter.descendants().toList();
        rewriter.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
      }
      // Each comparison of everything mends the device, its neighbours and the route.
      int answers = overlay.repairs.get() - repairs;
      System.out.println("operations against thousands of changes in 3 s: " + answers);
      assertThat(answers).isLessThan(20 * RepairLimit.BURST);
      RunningOverlay.await("peace", () -> RunningOverlay.state(node).equals(before));
      RunningOverlay.await("no word of it", () -> overlay.status().problems().isEmpty());
      assertThat(overlay.audit()).isEmpty();
    }
  }

  private static boolean isDeviceContested(RunningOverlay overlay) throws Exception {
    return overlay
        .status()
        .problems()
        .toString()
        .contains("keeps changing the device fairlead-vxlan");
  }
}
