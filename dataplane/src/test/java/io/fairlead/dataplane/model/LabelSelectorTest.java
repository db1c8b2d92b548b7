package io.fairlead.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {

  private static Requirement requirement(Operator operator, String... values) {
    return new Requirement("app", operator, List.of(values));
  }

  @ParameterizedTest
  @CsvSource({
    "IN, a, a, true",
    "IN, a b, b, true",
    "IN, a, b, false",
    "IN, a, , false",
    "NOT_IN, a, b, true",
    "NOT_IN, a, a, false",
    "NOT_IN, a b, b, false",
    "NOT_IN, a, , true",
    "EXISTS, '', a, true",
    "EXISTS, '', '', true",
    "EXISTS, '', , false",
    "DOES_NOT_EXIST, '', a, false",
    "DOES_NOT_EXIST, '', '', false",
    "DOES_NOT_EXIST, '', , true",
  })
  void comparesOneLabelThatMayBeAbsent(
      Operator operator, String values, String label, boolean matches) {
    List<String> split = values.isEmpty() ? List.of() : List.of(values.split(" ", -1));
    LabelSelector selector = new LabelSelector(List.of(new Requirement("app", operator, split)));
    Map<String, String> labels = new LinkedHashMap<>(Map.of("z", "1", "a", "2"));
    if (label != null) {
      labels.put("app", label);
    }
    assertThat(selector.matches(Labels.of(labels))).isEqualTo(matches);
  }

  @Test
  void allRequirementsMustHold() {
    LabelSelector selector =
        new LabelSelector(List.of(Requirement.equal("app", "a"), Requirement.equal("tier", "b")));
    assertThat(selector.matches(Labels.of(Map.of("app", "a", "tier", "b")))).isTrue();
    assertThat(selector.matches(Labels.of(Map.of("app", "a")))).isFalse();
    assertThat(selector.matches(Labels.NONE)).isFalse();
  }

  @Test
  void noRequirementMeansEverything() {
    assertThat(LabelSelector.EVERYTHING.matches(Labels.NONE)).isTrue();
    assertThat(LabelSelector.EVERYTHING.matches(Labels.of(Map.of("app", "a")))).isTrue();
    assertThat(LabelSelector.EVERYTHING).hasToString("");
  }

  @Test
  void isEqualHoweverItIsWritten() {
    Requirement in = requirement(Operator.IN, "b", "a", "b");
    Requirement exists = requirement(Operator.EXISTS);
    Requirement not = new Requirement("tier", Operator.NOT_IN, List.of("x"));
    LabelSelector selector = new LabelSelector(List.of(in, exists, not));
    assertThat(new LabelSelector(List.of(not, exists, requirement(Operator.IN, "a", "b"), not)))
        .isEqualTo(selector)
        .hasSameHashCodeAs(selector);
    assertThat(selector).hasToString("app in (a,b),app,tier!=x");
  }

  @Test
  void labelsAreEqualInWhateverOrderTheyCame() {
    Map<String, String> forth = new LinkedHashMap<>();
    forth.put("a", "1");
    forth.put("b", "");
    Map<String, String> back = new LinkedHashMap<>();
    back.put("b", "");
    back.put("a", "1");
    assertThat(Labels.of(back)).isEqualTo(Labels.of(forth)).hasToString("{a=1, b=}");
    assertThat(Labels.of(back).get("b")).isEmpty();
    assertThat(Labels.of(back).get("c")).isNull();
    assertThat(Labels.of(Map.of("a", "1"))).isNotEqualTo(Labels.of(back));
    List<String> told = new ArrayList<>();
    Labels.of(back).forEach((key, value) -> told.add(key + "=" + value));
    assertThat(told).containsExactly("a=1", "b=");
  }
}
