package io.fairlead.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangesTest {

  private static final Population POPULATION = new Population(400, 10, 30);

  @Test
  void aRoundHasEachKindOnce() {
    assertThat(new Changes(POPULATION, 1).nextRound())
        .extracting(Change::kind)
        .containsExactly(Change.Kind.values());
  }

  @Test
  void everyChangeChangesSomethingAndTwoRoundsLeaveTheClusterAsItWas() {
    ClusterObjects cluster = ClusterObjects.of(POPULATION);
    Changes changes = new Changes(POPULATION, 1);
    Set<PodRecord> pods = Set.copyOf(cluster.pods());
    Set<NetworkPolicyRecord> policies = Set.copyOf(cluster.policies());
    for (int round = 0; round < 20; round++) {
      for (Change change : changes.nextRound()) {
        List<Object> before = List.of(Set.copyOf(cluster.pods()), Set.copyOf(cluster.policies()));
        cluster.apply(change);
        assertThat(List.of(Set.copyOf(cluster.pods()), Set.copyOf(cluster.policies())))
            .as(change.kind().title())
            .isNotEqualTo(before);
      }
      if (round % 2 == 1) {
        assertThat(Set.copyOf(cluster.pods())).isEqualTo(pods);
        assertThat(Set.copyOf(cluster.policies())).isEqualTo(policies);
      }
    }
  }

  @Test
  void eachPolicyOfTheFirstNamespaceSelectsAPodOfThisNode() {
    ClusterObjects cluster = ClusterObjects.of(POPULATION);
    assertThat(cluster.policies())
        .hasSize(30)
        .allSatisfy(policy ->
            assertThat(cluster.localPods())
                .filteredOn(pod -> policy.pods().matches(pod.labels()))
                .hasSize(1));
  }
}
