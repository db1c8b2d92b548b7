package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zone and departure of a Node. */
class NodeTopologyTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("the zone is a label, none if it is empty (services 18, 22)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          labels: {topology.kubernetes.io/zone: a}  | a
          labels: {topology.kubernetes.io/zone: ''} |
          labels: {zone: a}                         |
          labels: null                              |
          """)
  void zone(String metadata, @Nullable String zone) {
    assertThat(node(metadata, "").with("").node().zone()).isEqualTo(zone);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a node leaves when it is being deleted or tainted for it (services 40)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          labels: {}                                 | podCIDRs: []                                 | false
          deletionTimestamp: "2026-01-31T12:00:00Z"  | podCIDRs: []                                 | true
          deletionTimestamp: null                    | taints: [null, {key: other}]                 | false
          labels: {}                                 | taints: [{key: a}, {key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule, value: "17"}] | true
          labels: {}                                 | unschedulable: true                          | false
          """)
  void leaving(String metadata, String spec, boolean leaving) {
    assertThat(node(metadata, spec).with("").node().leaving()).isEqualTo(leaving);
  }
}
