package io.fairlead.bench.policy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  @Test
  @DisplayName("there are cases of every tag, 300 at least, and no two of one name")
  void counts() {
    List<PolicyCase> cases = Catalogue.all();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(300);
    assertThat(cases.stream().map(PolicyCase::name)).doesNotHaveDuplicates();
    assertThat(Catalogue.counts(cases)).containsOnlyKeys(Catalogue.TAGS);
    assertThat(Catalogue.counts(cases).values()).allMatch(count -> count >= 10);
  }

  @Test
  @DisplayName("a seed brings back its policies")
  void seeds() {
    ClusterState once = state(RandomPolicies.ofSeed(7));
    assertThat(state(RandomPolicies.ofSeed(7))).isEqualTo(once);
    assertThat(state(RandomPolicies.ofSeed(8))).isNotEqualTo(once);
  }

  private static ClusterState state(PolicyCase story) {
    return story.steps().getFirst().change().apply(ClusterState.EMPTY);
  }

  @Test
  @DisplayName("selectors are read as kubectl reads them")
  void selectors() {
    assertThat(Policies.selector("")).isEqualTo(LabelSelector.EVERYTHING);
    assertThat(Policies.selector("a=b,c!=,d,!e,f in (g,h),i notin (j)"))
        .isEqualTo(
            new LabelSelector(
                List.of(
                    Requirement.equal("a", "b"),
                    new Requirement("c", Operator.NOT_IN, List.of("")),
                    new Requirement("d", Operator.EXISTS, List.of()),
                    new Requirement("e", Operator.DOES_NOT_EXIST, List.of()),
                    new Requirement("f", Operator.IN, List.of("g", "h")),
                    new Requirement("i", Operator.NOT_IN, List.of("j")))));
  }
}
