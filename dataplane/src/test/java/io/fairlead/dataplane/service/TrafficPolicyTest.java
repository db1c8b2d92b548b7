package io.fairlead.dataplane.service;

import static io.fairlead.dataplane.model.TrafficPolicy.CLUSTER;
import static io.fairlead.dataplane.model.TrafficPolicy.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.Frontend.Kind;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What internalTrafficPolicy and externalTrafficPolicy mean for each kind of address. */
class TrafficPolicyTest {

  private static final ServiceNode NODE = ServiceNode.named("node-1");

  private static TestService everyKind() {
    return new TestService()
        .externalIps("198.51.100.1")
        .balancerIps("192.0.2.1")
        .port("", Protocol.TCP, 80, 30080);
  }

  private static ServiceFragment fragment(
      TrafficPolicy internal, TrafficPolicy external, @Nullable String endpoints) {
    return everyKind().policies(internal, external).fragment(TestSlice.of("a", endpoints));
  }

  @ParameterizedTest(name = "internal {0}, external {1}")
  @DisplayName("all four combinations, with endpoints here and there (services 25, 26, 27, 29)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CLUSTER | CLUSTER | ALL_BUT_LOCAL_PODS; inside here there; outside here there | EVERYBODY; inside here there; outside here there
          CLUSTER | LOCAL   | ALL_BUT_LOCAL_PODS; inside here there; outside here there | NODE; inside here there; outside here
          LOCAL   | CLUSTER | ALL_BUT_LOCAL_PODS; inside here; outside here             | EVERYBODY; inside here there; outside here there
          LOCAL   | LOCAL   | ALL_BUT_LOCAL_PODS; inside here; outside here             | NODE; inside here there; outside here
          """)
  void allFour(TrafficPolicy internal, TrafficPolicy external, String cluster, String others) {
    assertLines(fragment(internal, external, "10.0.0.1@node-1; 10.0.0.2@node-2"), cluster, others);
  }

  @ParameterizedTest(name = "internal {0}, external {1}")
  @DisplayName(
      "endpoints elsewhere only: what must be local is dropped, never refused (services 24)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CLUSTER | CLUSTER | ALL_BUT_LOCAL_PODS; inside there; outside there | EVERYBODY; inside there; outside there
          CLUSTER | LOCAL   | ALL_BUT_LOCAL_PODS; inside there; outside there | NODE; inside there; outside DROP
          LOCAL   | CLUSTER | ALL_BUT_LOCAL_PODS; inside DROP; outside DROP   | EVERYBODY; inside there; outside there
          LOCAL   | LOCAL   | ALL_BUT_LOCAL_PODS; inside DROP; outside DROP   | NODE; inside there; outside DROP
          """)
  void onlyElsewhere(
      TrafficPolicy internal, TrafficPolicy external, String cluster, String others) {
    assertLines(fragment(internal, external, "10.0.0.2@node-2"), cluster, others);
  }

  @ParameterizedTest(name = "internal {0}, external {1}")
  @DisplayName("no endpoints anywhere: all four kinds of address refuse (services 23)")
  @CsvSource({"CLUSTER, CLUSTER", "CLUSTER, LOCAL", "LOCAL, CLUSTER", "LOCAL, LOCAL"})
  void nowhere(TrafficPolicy internal, TrafficPolicy external) {
    for (String endpoints : new String[] {null, "10.0.0.1@node-1 unready; 10.0.0.2 stopping"}) {
      assertLines(
          fragment(internal, external, endpoints),
          "ALL_BUT_LOCAL_PODS; inside REFUSE; outside REFUSE",
          (external == LOCAL ? "NODE" : "EVERYBODY") + "; inside REFUSE; outside REFUSE");
    }
  }

  private static void assertLines(ServiceFragment fragment, String cluster, String others) {
    assertThat(FragmentText.lines(fragment))
        .extracting(line -> line.replace("10.0.0.1", "here").replace("10.0.0.2", "there"))
        .containsExactly(
            "10.96.0.10:80/tcp CLUSTER_IP masquerades " + cluster,
            "192.0.2.1:80/tcp LOAD_BALANCER masquerades " + others,
            "198.51.100.1:80/tcp EXTERNAL_IP masquerades " + others,
            "node port 30080/tcp (IPv4) NODE_PORT masquerades " + others);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "without an address for clients outside, externalTrafficPolicy is nothing (services 21)")
  void notExternal(TrafficPolicy internal) {
    EndpointSliceRecord slice = TestSlice.of("a", "10.0.0.1@node-1; 10.0.0.2@node-2");
    assertThat(new TestService().policies(internal, LOCAL).fragment(slice))
        .isEqualTo(new TestService().policies(internal, CLUSTER).fragment(slice));
  }

  @Test
  @DisplayName("a set that no client reaches is not computed")
  void unused() {
    EndpointSliceRecord slice = TestSlice.of("a", "10.0.0.1@node-1; 10.0.0.2@node-2");
    ServicePortFragment internal =
        new TestService().policies(LOCAL, CLUSTER).fragment(slice).ports().getFirst();
    assertThat(internal.cluster().isEmpty()).isTrue();
    assertThat(internal.local().size()).isEqualTo(1);
    ServicePortFragment plain = new TestService().fragment(slice).ports().getFirst();
    assertThat(plain.cluster().size()).isEqualTo(2);
    assertThat(plain.local().isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "local pods known: {0}, all: {1}")
  @DisplayName(
      "who is masqueraded on a cluster IP, per detect-local and masquerade-all"
          + " (services 27, 28)")
  @CsvSource({
    "true, false, ALL_BUT_LOCAL_PODS",
    "false, false, NOBODY",
    "true, true, EVERYBODY",
    "false, true, EVERYBODY"
  })
  void clusterIp(boolean knowsLocalPods, boolean masqueradeAll, Masquerade masquerade) {
    ServiceNode node = new ServiceNode("node-1", null, List.of(), knowsLocalPods, masqueradeAll);
    for (TrafficPolicy internal : TrafficPolicy.values()) {
      everyKind()
          .policies(internal, LOCAL)
          .on(node, TestSlice.of("a", "10.0.0.1"))
          .ports()
          .getFirst()
          .frontends()
          .values()
          .forEach(frontend ->
              // It says nothing of the others: theirs follows from externalTrafficPolicy.
              assertThat(frontend.masquerade())
                  .isEqualTo(frontend.kind() == Kind.CLUSTER_IP ? masquerade : Masquerade.NODE));
    }
  }

  @Test
  @DisplayName(
      "only the ready pods of this node, though others are nearer by hint (services 20, 26)")
  void hintsAndPolicy() {
    ServiceFragment fragment =
        everyKind()
            .policies(CLUSTER, LOCAL)
            .on(
                NODE,
                TestSlice.of("a", "10.0.0.1@node-1 node:node-2; 10.0.0.2@node-2 node:node-1"));
    assertLines(
        fragment,
        "ALL_BUT_LOCAL_PODS; inside there; outside there",
        "NODE; inside there; outside here");
  }
}
