package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints a Service has, for all nodes and for this one, node-1. */
class EndpointSelectionTest {

  private static ServicePortFragment port(EndpointSliceRecord... slices) {
    return new TestService()
        .balancerIps("192.0.2.1")
        .policies(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL)
        .fragment(slices)
        .ports()
        .getFirst();
  }

  private static void assertChosen(ServicePortFragment port, String cluster, String local) {
    assertThat(FragmentText.set(port.cluster())).as("cluster").isEqualTo(cluster);
    assertThat(FragmentText.set(port.local())).as("local").isEqualTo(local);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("those that are ready, else those that serve while they terminate")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          in order of address          | 10.0.0.10; 10.0.0.9@node-1                 | 10.0.0.9 10.0.0.10 | 10.0.0.9
          ready before draining        | 10.0.0.1 draining; 10.0.0.2                | 10.0.0.2          | DROP
          services 15, all draining    | 10.0.0.1 draining; 10.0.0.2@node-1 draining| 10.0.0.1 10.0.0.2 | 10.0.0.2
          services 15, decided apart   | 10.0.0.1; 10.0.0.2@node-1 draining         | 10.0.0.1          | 10.0.0.2
          services 15, local is ready  | 10.0.0.1 draining; 10.0.0.2@node-1         | 10.0.0.2          | 10.0.0.2
          services 16, unready         | 10.0.0.1 unready; 10.0.0.2@node-1          | 10.0.0.2          | 10.0.0.2
          services 16, not serving     | 10.0.0.1 stopping; 10.0.0.2@node-1 draining| 10.0.0.2          | 10.0.0.2
          services 16, only such       | 10.0.0.1 unready; 10.0.0.2@node-1 stopping | REFUSE            | REFUSE
          services 24, only elsewhere  | 10.0.0.1@node-2                            | 10.0.0.1          | DROP
          services 24, drain elsewhere | 10.0.0.1@node-2 draining                   | 10.0.0.1          | DROP
          services 23, nowhere         |                                            | REFUSE            | REFUSE
          published while it ends      | 10.0.0.1@node-1 published; 10.0.0.2        | 10.0.0.1 10.0.0.2 | 10.0.0.1
          """)
  void conditions(String name, @Nullable String endpoints, String cluster, String local) {
    assertChosen(port(TestSlice.of("a", endpoints)), cluster, local);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("an endpoint in two slices counts once (services 4, 5)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          services 5, while it moves         | 10.0.0.1         | 10.0.0.1          | 10.0.0.1
          services 5, ready in one           | 10.0.0.1 unready | 10.0.0.1          | 10.0.0.1
          services 4, the address used again | 10.0.0.1         | 10.0.0.1 draining | 10.0.0.1
          services 4, not by its old state   | 10.0.0.1 unready | 10.0.0.1 draining | REFUSE
          services 4, the old one published  | 10.0.0.1 unready | 10.0.0.1 published | REFUSE
          serving in one                     | 10.0.0.1 stopping | 10.0.0.1 draining | 10.0.0.1
          """)
  void repeated(String name, String one, String other, String cluster) {
    // Which slice comes first, and under which name, makes no difference.
    for (List<String> order : List.of(List.of(one, other), List.of(other, one))) {
      EndpointSliceRecord a = TestSlice.of("a", order.getFirst());
      EndpointSliceRecord b = TestSlice.of("b", order.getLast());
      assertThat(FragmentText.set(port(a, b).cluster())).isEqualTo(cluster);
      assertThat(FragmentText.set(port(b, a).cluster())).isEqualTo(cluster);
    }
    // And it may well stand twice in the same slice.
    assertThat(FragmentText.set(port(TestSlice.of("a", one + ";" + other)).cluster()))
        .isEqualTo(cluster);
  }

  @Test
  @DisplayName("an endpoint moves from slice to slice and never disappears (services 5)")
  void moves() {
    EndpointSliceRecord both = TestSlice.of("a", "10.0.0.1; 10.0.0.2");
    EndpointSliceRecord left = TestSlice.of("a", "10.0.0.1");
    EndpointSliceRecord arrived = TestSlice.of("b", "10.0.0.2");
    assertThat(port(both)).isEqualTo(port(both, arrived)).isEqualTo(port(left, arrived));
  }

  @Test
  @DisplayName("slices that contradict each other mean the same in whichever order they come")
  void contradiction() {
    List<EndpointSliceRecord> slices =
        new ArrayList<>(
            List.of(
                TestSlice.of("a", "10.0.0.1@node-2 zone:b; 10.0.0.2 zone:b"),
                TestSlice.of("b", "10.0.0.1@node-1 zone:a"),
                TestSlice.of("c", "10.0.0.1@node-3; 10.0.0.2@node-1")));
    ServicePortFragment expected = port(slices.toArray(new EndpointSliceRecord[0]));
    Random random = new Random(7);
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(slices, random);
      assertThat(port(slices.toArray(new EndpointSliceRecord[0]))).isEqualTo(expected);
    }
  }
}
