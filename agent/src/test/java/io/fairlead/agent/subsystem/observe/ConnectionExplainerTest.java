package io.fairlead.agent.subsystem.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionExplainerTest {

  private final ObservedNames cluster = new ObservedNames();

  private static ConntrackTuple tuple(String from, int port, String to, int toPort) {
    return new ConntrackTuple(
        IpAddress.parse(from),
        IpAddress.parse(to),
        ConntrackTuple.TCP,
        new TransportKey.Ports(port, toPort));
  }

  private FlowReport explain(ConntrackTuple original, ConntrackTuple reply) throws Exception {
    return new ConnectionExplainer(cluster.book(), new Enforcement("node-1", true))
        .explain(
            new ConntrackEntry(original, reply, ConntrackZone.DEFAULT, 0, 0, 0, 0), Instant.EPOCH);
  }

  @Test
  @DisplayName("a connection through a Service tells the Service, the endpoint and both pods")
  void service() throws Exception {
    FlowReport flow =
        explain(
            tuple("10.244.1.2", 4000, "10.96.0.80", 80),
            tuple("10.244.1.3", 8080, "10.244.1.2", 4000));
    assertThat(flow.verdict()).isEqualTo("allowed");
    assertThat(flow.source()).hasToString("10.244.1.2:4000 (default/a)");
    assertThat(flow.destination()).hasToString("10.244.1.3:8080 (default/web-1)");
    assertThat(flow.dialled()).isEqualTo("10.96.0.80:80");
    assertThat(flow.service()).isEqualTo("default/web");
    assertThat(flow.masqueraded()).isEmpty();
    assertThat(flow.reason()).isEqualTo("no policy selects either end");
  }

  @Test
  @DisplayName("a masqueraded connection tells who it pretends to be, and a node is no pod")
  void masqueraded() throws Exception {
    FlowReport flow =
        explain(
            tuple("10.244.1.2", 4000, "192.0.2.1", 443),
            tuple("192.0.2.1", 443, "192.168.88.11", 5000));
    assertThat(flow.masqueraded()).isEqualTo("192.168.88.11:5000");
    assertThat(flow.dialled()).isEmpty();
    FlowReport probe =
        explain(
            tuple("10.244.1.1", 4000, "10.244.1.3", 80),
            tuple("10.244.1.3", 80, "10.244.1.1", 4000));
    assertThat(probe.reason()).isEqualTo("a pod's own node may always reach it");
  }

  @Test
  @DisplayName("so many pass in a second, and the others are counted")
  void gate() {
    AtomicLong now = new AtomicLong();
    RateGate gate = new RateGate(2, now::get);
    assertThat(gate.admits()).isTrue();
    assertThat(gate.admits()).isTrue();
    assertThat(gate.admits()).isFalse();
    assertThat(gate.admits()).isFalse();
    now.set(1_000_000_000);
    assertThat(gate.admits()).isTrue();
    assertThat(gate.takeSkipped()).isEqualTo(2);
    assertThat(gate.takeSkipped()).isZero();
  }

  @Test
  @DisplayName("pods are asked for with and without their namespace")
  void pods() throws Exception {
    assertThat(PodFilter.of("web").isPod("default/web")).isTrue();
    assertThat(PodFilter.of("default/web").isPod("default/web")).isTrue();
    assertThat(PodFilter.of("other/web").isPod("default/web")).isFalse();
    assertThat(PodFilter.of("web").isPod("default/myweb")).isFalse();
    assertThat(PodFilter.of(null).isPod("")).isTrue();
    assertThatThrownBy(() -> PodFilter.of("a/b/c"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("Write NAMESPACE/NAME");
  }
}
