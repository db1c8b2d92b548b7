package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** trafficDistribution and topology hints, as node-1 follows them. */
class TopologyTest {

  private static ServiceNode node(@Nullable String zone) {
    return new ServiceNode("node-1", zone, List.of(), true, false);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("hints for this node, else for its zone, else none (services 17, 18, 19)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hinted for the zone               | a | 10.0.0.1 zone:a; 10.0.0.2 zone:b          | 10.0.0.1
          hinted for several zones          | a | 10.0.0.1 zone:b zone:a; 10.0.0.2 zone:b   | 10.0.0.1
          services 17, one without hints    | a | 10.0.0.1 zone:a; 10.0.0.2                 | 10.0.0.1 10.0.0.2
          services 17, one without node's   | a | 10.0.0.1 node:node-1; 10.0.0.2 zone:a     | 10.0.0.1 10.0.0.2
          services 18, the node first       | a | 10.0.0.1 node:node-1 zone:a; 10.0.0.2 node:node-2 zone:a | 10.0.0.1
          services 18, then the zone        | a | 10.0.0.1 node:node-3 zone:b; 10.0.0.2 node:node-2 zone:a | 10.0.0.2
          services 18, then all             | c | 10.0.0.1 node:node-3 zone:b; 10.0.0.2 node:node-2 zone:a | 10.0.0.1 10.0.0.2
          services 18, node by some only    | a | 10.0.0.1 node:node-1 zone:b; 10.0.0.2 zone:a | 10.0.0.2
          services 18, nobody for us        | c | 10.0.0.1 zone:a; 10.0.0.2 zone:b          | 10.0.0.1 10.0.0.2
          services 18, a node in no zone    |   | 10.0.0.1 zone:a; 10.0.0.2 zone:b          | 10.0.0.1 10.0.0.2
          services 18, but of that name     |   | 10.0.0.1 node:node-1 zone:a; 10.0.0.2 node:node-2 zone:b | 10.0.0.1
          services 19, unready without hint | a | 10.0.0.1 zone:a; 10.0.0.2 zone:b; 10.0.0.3 unready | 10.0.0.1
          services 19, unready for us       | a | 10.0.0.1 zone:b; 10.0.0.2 zone:a unready  | 10.0.0.1
          services 19, draining for us      | a | 10.0.0.1 zone:b; 10.0.0.2 zone:a draining | 10.0.0.1
          services 15, the draining ignore  | a | 10.0.0.1 zone:b draining; 10.0.0.2 zone:a draining | 10.0.0.1 10.0.0.2
          """)
  void hints(String name, @Nullable String zone, String endpoints, String cluster) {
    ServiceFragment fragment = new TestService().on(node(zone), TestSlice.of("a", endpoints));
    assertThat(FragmentText.set(fragment.ports().getFirst().cluster())).isEqualTo(cluster);
  }

  @Test
  @DisplayName("hints say nothing about endpoints that must be local (services 20)")
  void local() {
    EndpointSliceRecord slice =
        TestSlice.of("a", "10.0.0.1@node-1 zone:b; 10.0.0.2@node-2 zone:a; 10.0.0.3@node-1 zone:a");
    ServicePortFragment port =
        new TestService()
            .balancerIps("192.0.2.1")
            .policies(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL)
            .on(node("a"), slice)
            .ports()
            .getFirst();
    // All three can be reached: the union of both sets.
    assertThat(FragmentText.set(port.cluster())).isEqualTo("10.0.0.2 10.0.0.3");
    assertThat(FragmentText.set(port.local())).isEqualTo("10.0.0.1 10.0.0.3");
  }

  @Test
  @DisplayName("another zone label of the node means other endpoints (services 22)")
  void zoneChanges() {
    TestService service = new TestService();
    EndpointSliceRecord slice = TestSlice.of("a", "10.0.0.1 zone:a; 10.0.0.2 zone:b");
    AddressClaims claims = new AddressClaims();
    ServiceFragment inA = service.on(node("a"), slice);
    claims.update(inA.service(), inA);
    ServiceFragment inB = service.on(node("b"), slice);
    assertThat(claims.update(inB.service(), inB).addresses())
        .extracting(Object::toString)
        .containsExactly("10.96.0.10:80/tcp");
    assertThat(FragmentText.set(inB.ports().getFirst().cluster())).isEqualTo("10.0.0.2");
    assertThat(service.on(node(null), slice).ports().getFirst().cluster().size()).isEqualTo(2);
  }

  @Test
  @DisplayName("each port and each IP family follows its own hints")
  void apart() {
    List<ServicePortFragment> ports =
        new TestService()
            .clusterIps("10.96.0.10 fd00::a")
            .on(
                node("a"),
                TestSlice.of("a", "10.0.0.1 zone:a; 10.0.0.2 zone:b"),
                TestSlice.of("b", "fd01::1 zone:a; fd01::2"))
            .ports();
    assertThat(FragmentText.set(ports.getFirst().cluster())).isEqualTo("10.0.0.1");
    assertThat(FragmentText.set(ports.getLast().cluster())).isEqualTo("fd01::1 fd01::2");
  }
}
