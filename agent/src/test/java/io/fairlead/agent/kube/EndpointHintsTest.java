package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hints and the trigger's time of an EndpointSlice. */
class EndpointHintsTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("hints for nodes and zones; what names nothing is none (services 7, 18)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {forZones: [{name: a}, {name: b}]}                | []       | [a, b]
          {forNodes: [{name: node-1}], forZones: [{name: a}]} | [node-1] | [a]
          {forNodes: [{name: node-1}]}                      | [node-1] | []
          {forZones: [{name: ""}, {}, null, {name: a}]}     | []       | [a]
          {forZones: []}                                    | []       | []
          {}                                                | []       | []
          null                                              | []       | []
          """)
  void hints(String given, String nodes, String zones) {
    Hints hints = endpoint(given).hints();
    assertThat(hints.nodes()).hasToString(nodes);
    assertThat(hints.zones()).hasToString(zones);
  }

  private static Endpoint endpoint(String hints) {
    return slice("", "endpoints: [{addresses: [10.244.0.1], hints: " + hints + "}]")
        .with("")
        .slice()
        .endpoints()
        .getFirst();
  }

  @Test
  @DisplayName("equal hints are one object: 250,000 endpoints have few different ones")
  void shared() {
    assertThat(endpoint("{forZones: []}").hints()).isSameAs(Hints.NONE);
    assertThat(endpoint("null").hints()).isSameAs(Hints.NONE);
    assertThat(endpoint("{forZones: [{name: a}]}").hints())
        .isSameAs(endpoint("{forZones: [{name: a}]}").hints())
        .isEqualTo(new Hints(List.of(), List.of("a")));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("when that happened which the slice tells of")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "2026-01-31T12:00:00.123456789Z"  | 1769860800123 | ''
          "2026-01-31T12:00:00Z"            | 1769860800000 | ''
          "2026-01-31T13:00:00.5+01:00"     | 1769860800500 | ''
          ""                                | 0             | ''
          "soon"                            | 0             | endpoints.kubernetes.io/last-change-trigger-time: "soon" is not a time
          """)
  void triggered(String time, long millis, String problem) {
    String metadata =
        "annotations: {endpoints.kubernetes.io/last-change-trigger-time: " + time + "}";
    assertThat(slice(metadata, "endpoints: []").with(problem).slice().triggered())
        .isEqualTo(millis);
    assertThat(slice("annotations: {}", "endpoints: []").slice().triggered()).isZero();
  }

  @Test
  @DisplayName(
      "of several addresses of an endpoint the first counts, and repeated ones stay"
          + " (services 4)")
  void addresses() {
    assertThat(
            slice(
                    "",
                    "endpoints: [{addresses: [10.244.0.1, 10.244.0.2]}, {addresses: [10.244.0.1]}]")
                .with("")
                .slice()
                .endpoints())
        .extracting(endpoint -> endpoint.address().toString())
        .containsExactly("10.244.0.1", "10.244.0.1");
  }
}
