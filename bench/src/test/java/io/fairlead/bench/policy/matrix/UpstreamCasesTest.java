package io.fairlead.bench.policy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.policy.matrix.PolicyCase.Step;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The oracle says of the upstream situations what was written down beside them. */
class UpstreamCasesTest {

  @Test
  @DisplayName("there is one for each that the upstream suite probes, each under its own name")
  void number() {
    assertThat(UpstreamCases.all().stream().map(PolicyCase::name))
        .hasSize(48)
        .doesNotHaveDuplicates();
  }

  @TestFactory
  Stream<DynamicTest> oracle() {
    return UpstreamCases.all().stream()
        .map(story -> DynamicTest.dynamicTest(story.name(), () -> check(story)));
  }

  private static void check(PolicyCase story) {
    ClusterState state = ClusterState.ofNinePods();
    for (Step step : story.steps()) {
      state = step.change().apply(state);
      Cell.Truth truth = Objects.requireNonNull(step.truth());
      PolicyEvaluator evaluator = new PolicyEvaluator(state);
      for (Cell cell : cells(state)) {
        for (AddressFamily family : AddressFamily.values()) {
          if (family == AddressFamily.IPV6 && story.name().contains("CIDR")) {
            continue; // Its blocks are of IPv4.
          }
          assertThat(evaluator.evaluate(flow(cell, family)).isAllowed())
              .as("%s, %s, %s", step.name(), cell, family)
              .isEqualTo(cell.source().equals(cell.destination()) || truth.allows(cell));
        }
      }
    }
  }

  private static Flow flow(Cell cell, AddressFamily family) {
    return new Flow(
        Flow.Origin.NETWORK,
        PodNetwork.address(cell.source(), family),
        PodNetwork.address(cell.destination(), family),
        cell.protocol().number(),
        cell.port());
  }

  private static List<Cell> cells(ClusterState state) {
    List<Cell> cells = new ArrayList<>();
    for (ObjectKey source : state.pods().keySet()) {
      for (ObjectKey destination : state.pods().keySet()) {
        for (Protocol protocol : Protocol.values()) {
          for (int port : PodNetwork.PORTS) {
            cells.add(new Cell(source, destination, protocol, port));
          }
        }
      }
    }
    return cells;
  }
}
