package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.Difference.Kind;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in a real kernel's routes is told, exactly, and nothing is changed. */
class ComparisonKernelTest {

  private static final OverlayOptions VXLAN = OverlayOptions.of(OverlayMode.VXLAN);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private OverlayLab lab;
  private LabNode node;
  private Overlay overlay;

  @BeforeEach
  void open() throws Exception {
    lab = new OverlayLab(2);
    node = lab.node(1);
    overlay = node.overlay(VXLAN);
  }

  @AfterEach
  void close() {
    lab.close();
    descriptors.assertNoneAdded();
  }

  private Comparison compare() throws Exception {
    return node.host.call(overlay::compare);
  }

  private void start() throws Exception {
    assertThat(node.host.call(() -> overlay.replaceNodes(lab.records())).failures()).isEmpty();
  }

  private void damaged(String command, Consumer<List<Difference>> expected) throws Exception {
    node.host.run("sh", "-c", command);
    String before = RunningOverlay.state(node);
    expected.accept(compare().differences());
    assertThat(RunningOverlay.state(node)).isEqualTo(before);
    node.host.call(overlay::audit);
    assertThat(compare().differences()).as("after %s", command).isEmpty();
  }

  @Test
  void withoutANodeNothingCanBeTold() {
    assertThatThrownBy(this::compare)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no Node of this name");
  }

  @Test
  void aRightOverlayIsClean() throws Exception {
    start();
    String before = RunningOverlay.state(node);
    assertThat(compare().differences()).isEmpty();
    assertThat(compare().right())
        .containsEntry("links", 1)
        .containsEntry("routes", 2)
        .containsEntry("neighbours", 2)
        .containsEntry("forwarding entries", 1)
        .containsEntry("addresses", 2);
    assertThat(RunningOverlay.state(node)).isEqualTo(before);
  }

  @Test
  void whatIsDamagedIsTold() throws Exception {
    start();
    String mac = VtepAddress.mac("node-2").toString();
    damaged(
        "ip route del 10.244.2.0/24",
        differences ->
            assertThat(differences)
                .containsExactly(
                    Difference.missing(
                        "table main",
                        "10.244.2.0/24 via 10.244.2.0 dev fairlead-vxlan onlink" + " proto 102")));
    damaged(
        "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:99 dev fairlead-vxlan protocol 102",
        differences ->
            assertThat(differences)
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.DIFFERENT))
                .satisfies(one -> assertThat(one.place()).isEqualTo("neighbours of fairlead-vxlan"))
                .satisfies(one -> assertThat(one.found()).contains("02:00:00:00:00:99")));
    damaged(
        "bridge fdb del " + mac + " dev fairlead-vxlan dst 192.0.2.2",
        differences ->
            assertThat(differences)
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.MISSING))
                .satisfies(
                    one -> assertThat(one.place()).isEqualTo("forwarding of fairlead-vxlan")));
    damaged(
        "ip addr add 10.244.2.7/24 dev fairlead-vxlan",
        differences ->
            assertThat(differences)
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.EXTRA))
                .satisfies(one -> assertThat(one.found()).startsWith("10.244.2.7/24")));
    damaged(
        "ip link set fairlead-vxlan mtu 1300",
        differences ->
            assertThat(differences)
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.DIFFERENT))
                .satisfies(one -> assertThat(one.place()).isEqualTo("links"))
                .satisfies(one -> assertThat(one.wanted()).contains("mtu 1450"))
                .satisfies(one -> assertThat(one.found()).contains("mtu 1300")));
    damaged(
        "echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter",
        differences ->
            assertThat(differences)
                .containsExactly(
                    Difference.different(
                        "settings",
                        "net.ipv4.conf.eth0.rp_filter = 2",
                        "net.ipv4.conf.eth0.rp_filter = 1")));
    damaged(
        "ip link del fairlead-vxlan",
        differences ->
            assertThat(differences)
                .anySatisfy(one -> {
                  assertThat(one.kind()).isEqualTo(Kind.MISSING);
                  assertThat(one.place()).isEqualTo("links");
                  assertThat(one.wanted()).startsWith("fairlead-vxlan ");
                })
                .allSatisfy(one -> assertThat(one.kind()).isEqualTo(Kind.MISSING)));
  }
}
