package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The selectors of a policy (meta/v1 LabelSelector). One of which any part is wrong is no selector
 * at all: a requirement that is left out would let more through.
 */
final class PolicySelectors {

  private final List<String> problems;

  PolicySelectors(List<String> problems) {
    this.problems = problems;
  }

  /** Null, and a sentence, if it cannot be understood. */
  @Nullable LabelSelector read(String place, io.fabric8.kubernetes.api.model.LabelSelector given) {
    int before = problems.size();
    Fields.hasUnknown(place, given.getAdditionalProperties(), problems);
    List<Requirement> requirements = new ArrayList<>();
    if (given.getMatchLabels() != null) {
      for (Map.Entry<String, String> label : given.getMatchLabels().entrySet()) {
        String at = place + ".matchLabels";
        if (isKey(at, label.getKey()) && isValue(at, label.getValue())) {
          requirements.add(Requirement.equal(label.getKey().intern(), label.getValue().intern()));
        }
      }
    }
    List<LabelSelectorRequirement> expressions = given.getMatchExpressions();
    for (int i = 0; expressions != null && i < expressions.size(); i++) {
      Requirement requirement =
          requirement(place + ".matchExpressions[" + i + "]", expressions.get(i));
      if (requirement != null) {
        requirements.add(requirement);
      }
    }
    return problems.size() > before ? null : SharedValues.shared(new LabelSelector(requirements));
  }

  private @Nullable Requirement requirement(
      String place, @Nullable LabelSelectorRequirement given) {
    if (given == null) {
      problems.add(place + " is empty");
      return null;
    }
    Fields.hasUnknown(place, given.getAdditionalProperties(), problems);
    Operator operator = operator(place, given.getOperator());
    if (!isKey(place, given.getKey()) || operator == null) {
      return null;
    }
    List<String> values = given.getValues() == null ? List.of() : given.getValues();
    boolean takesValues = operator == Operator.IN || operator == Operator.NOT_IN;
    if (takesValues == values.isEmpty()) {
      problems.add(
          place
              + (takesValues ? " has no values, which " : " has values, but ")
              + given.getOperator()
              + (takesValues ? " needs" : " takes none"));
      return null;
    }
    List<String> read = new ArrayList<>(values.size());
    for (String value : values) {
      if (isValue(place + ".values", value)) {
        read.add(value.intern());
      }
    }
    return new Requirement(given.getKey().intern(), operator, read);
  }

  private @Nullable Operator operator(String place, @Nullable String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      case null, default -> {
        problems.add(
            place + " has the operator \"" + name + "\", not In, NotIn, Exists or DoesNotExist");
        yield null;
      }
    };
  }

  private boolean isKey(String place, @Nullable String key) {
    if (LabelSyntax.isKey(key)) {
      return true;
    }
    problems.add(place + ": \"" + key + "\" is not a label's key");
    return false;
  }

  private boolean isValue(String place, @Nullable String value) {
    if (LabelSyntax.isValue(value)) {
      return true;
    }
    problems.add(place + ": \"" + value + "\" is not a label's value");
    return false;
  }
}
