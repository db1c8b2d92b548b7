package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why an endpoint is used or not, on node-1 in zone a. */
class EndpointExplanationTest {

  private static final ServiceNode NODE = new ServiceNode("node-1", "a", List.of(), true, false);

  private static ServiceRecord service() {
    return new TestService()
        .balancerIps("192.0.2.1")
        .policies(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL)
        .build();
  }

  private static String text(List<EndpointExplanation> explanations) {
    return explanations.stream()
        .map(one ->
            one.endpoint().address() + ":" + one.port() + " " + one.cluster() + "/" + one.local())
        .collect(Collectors.joining("; "));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("each endpoint with its fate, for any node and for this one")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ready           | 10.0.0.1@node-1; 10.0.0.2 | 10.0.0.1:8080 USED/USED; 10.0.0.2:8080 USED/NOT_LOCAL
          not ready       | 10.0.0.1@node-1 unready; 10.0.0.2 stopping | 10.0.0.1:8080 NOT_READY/NOT_READY; 10.0.0.2:8080 NOT_READY/NOT_READY
          drains          | 10.0.0.1@node-1 draining; 10.0.0.2 | 10.0.0.1:8080 OTHERS_READY/USED_DRAINING; 10.0.0.2:8080 USED/NOT_LOCAL
          all drain       | 10.0.0.1 draining | 10.0.0.1:8080 USED_DRAINING/NOT_LOCAL
          hinted          | 10.0.0.1@node-1 zone:b; 10.0.0.2 zone:a | 10.0.0.1:8080 HINTED_ELSEWHERE/USED; 10.0.0.2:8080 USED/NOT_LOCAL
          repeated        | 10.0.0.1 unready; 10.0.0.1 | 10.0.0.1:8080 REPEATED/REPEATED; 10.0.0.1:8080 USED/NOT_LOCAL
          wholly repeated | 10.0.0.1; 10.0.0.1 | 10.0.0.1:8080 USED/NOT_LOCAL; 10.0.0.1:8080 REPEATED/REPEATED
          other family    | fd00::1 | fd00::1:0 OTHER_FAMILY/OTHER_FAMILY
          """)
  void fates(String name, @Nullable String endpoints, String expected) {
    assertThat(text(EndpointExplanation.of(service(), List.of(TestSlice.of("s", endpoints)), NODE)))
        .isEqualTo(expected);
  }

  @Test
  @DisplayName("a slice without the Service's port is told apart from one that has it")
  void otherPort() {
    EndpointSliceRecord named =
        TestSlice.of("s", "10.0.0.1", new EndpointPort("admin", Protocol.TCP, 9000));
    EndpointSliceRecord udp =
        TestSlice.of("t", "10.0.0.2", new EndpointPort("", Protocol.UDP, 8080));
    assertThat(text(EndpointExplanation.of(service(), List.of(udp, named), NODE)))
        .isEqualTo("10.0.0.1:0 NO_SUCH_PORT/NO_SUCH_PORT; 10.0.0.2:0 NO_SUCH_PORT/NO_SUCH_PORT");
  }

  @Test
  @DisplayName("what is explained as used is what is chosen, whatever the slices say")
  void agreesWithTheSelection() {
    RandomGenerator random = Seed.generator("EndpointExplanationTest");
    for (int round = 0; round < 2000; round++) {
      List<EndpointSliceRecord> slices = slices(random);
      ServicePortFragment chosen = ServiceFragment.of(service(), slices, NODE).ports().getFirst();
      List<EndpointExplanation> explained = EndpointExplanation.of(service(), slices, NODE);
      String told = text(explained);
      assertThat(used(explained, EndpointExplanation::cluster))
          .as("cluster: %s", told)
          .containsExactlyElementsOf(chosen.cluster().endpoints());
      assertThat(used(explained, EndpointExplanation::local))
          .as("local: %s", told)
          .containsExactlyElementsOf(chosen.local().endpoints());
      assertThat(explained)
          .hasSize(slices.stream().mapToInt(slice -> entries(slice)).sum())
          .allMatch(one -> (one.port() == 0) == isUnreadable(one), told);
    }
  }

  private static boolean isUnreadable(EndpointExplanation one) {
    return one.cluster() == EndpointFate.NO_SUCH_PORT || one.cluster() == EndpointFate.OTHER_FAMILY;
  }

  private static int entries(EndpointSliceRecord slice) {
    long offers =
        slice.ports().stream()
            .filter(port -> port.name().isEmpty() && port.protocol() == Protocol.TCP)
            .count();
    return slice.endpoints().size() * (int) Math.max(1, offers);
  }

  private static List<EndpointAddress> used(
      List<EndpointExplanation> explained, Function<EndpointExplanation, EndpointFate> fate) {
    List<EndpointAddress> used =
        explained.stream()
            .filter(one -> fate.apply(one).isUsed())
            .map(one -> new EndpointAddress(one.endpoint().address(), one.port()))
            .toList();
    Set<EndpointAddress> once = new HashSet<>(used);
    assertThat(once).as("each is used once").hasSameSizeAs(used);
    return used;
  }

  private static List<EndpointSliceRecord> slices(RandomGenerator random) {
    List<EndpointSliceRecord> slices = new ArrayList<>();
    boolean hints = random.nextBoolean();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<String> endpoints = new ArrayList<>();
      for (int j = random.nextInt(5); j > 0; j--) {
        endpoints.add(
            "10.0.0."
                + (1 + random.nextInt(6))
                + pick(random, "", "@node-1", "@node-2")
                + pick(random, "", "", " unready", " draining", " stopping", " published")
                + (hints
                    ? pick(random, " zone:a", " zone:b", " zone:a", " node:node-1 zone:a")
                    : ""));
      }
      slices.add(
          TestSlice.of(
              "slice-" + i,
              String.join(";", endpoints),
              random.nextInt(6) == 0
                  ? new EndpointPort[] {new EndpointPort("other", Protocol.TCP, 9000)}
                  : random.nextInt(6) == 0
                      ? new EndpointPort[] {
                        new EndpointPort("", Protocol.TCP, 8080),
                        new EndpointPort("", Protocol.TCP, 8081)
                      }
                      : new EndpointPort[] {new EndpointPort("", Protocol.TCP, 8080)}));
    }
    return slices;
  }

  private static String pick(RandomGenerator random, String... words) {
    return words[random.nextInt(words.length)];
  }
}
