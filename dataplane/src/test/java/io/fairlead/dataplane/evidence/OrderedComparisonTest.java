package io.fairlead.dataplane.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedComparisonTest {

  private static Comparison of(List<String> wanted, List<String> found) {
    Comparison.Builder result = new Comparison.Builder();
    OrderedComparison.add("rules", "chain x", wanted, found, String::equals, text -> text, result);
    return result.build();
  }

  @Test
  void whatIsEqualIsCounted() {
    Comparison same = of(List.of("a", "b", "c"), List.of("a", "b", "c"));
    assertThat(same.isClean()).isTrue();
    assertThat(same.right()).containsExactly(java.util.Map.entry("rules", 3));
    assertThat(of(List.of(), List.of())).isEqualTo(Comparison.NOTHING);
  }

  @Test
  void oneThatIsGoneIsOneDifferenceHoweverManyFollow() {
    Comparison result = of(List.of("a", "b", "c", "d"), List.of("a", "c", "d"));
    assertThat(result.differences()).containsExactly(Difference.missing("chain x", "b"));
    assertThat(result.right()).containsEntry("rules", 3);
  }

  @Test
  void oneInThePlaceOfAnotherIsDifferentAndOneMoreIsExtra() {
    Comparison result = of(List.of("a", "b", "c"), List.of("a", "B", "c", "d"));
    assertThat(result.differences())
        .containsExactly(
            Difference.different("chain x", "b", "B"), Difference.extra("chain x", "d"));
    assertThat(result.right()).containsEntry("rules", 2);
  }

  @Test
  void anotherOrderShows() {
    assertThat(of(List.of("a", "b"), List.of("b", "a")).differences()).hasSize(2);
  }
}
