package io.fairlead.dataplane.model;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A label selector (meta/v1): all requirements must hold, and none means everything. Equal
 * selectors are equal records, however they were written: requirements and values are in order and
 * without repetition. Immutable.
 */
public record LabelSelector(List<Requirement> requirements) {

  private static final Comparator<Requirement> ORDER =
      Comparator.comparing(Requirement::key)
          .thenComparing(Requirement::operator)
          .thenComparing(requirement -> String.join(",", requirement.values()));

  // After ORDER, which its constructor needs.
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  /** How a label is compared. */
  public enum Operator {
    /** The label is there, with one of the values. */
    IN,
    /** The label is not there, or has another value. */
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /**
   * What one label must be.
   *
   * @param values at least one for IN and NOT_IN, else none; in order
   */
  public record Requirement(String key, Operator operator, List<String> values) {

    public Requirement {
      values = List.copyOf(new TreeSet<>(values));
    }

    /** The label must have this value, as in matchLabels. */
    public static Requirement equal(String key, String value) {
      return new Requirement(key, Operator.IN, List.of(value));
    }

    boolean holds(Labels labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> isOneOf(value);
        case NOT_IN -> !isOneOf(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }

    private boolean isOneOf(@Nullable String value) {
      return value != null && values.contains(value);
    }
  }

  public LabelSelector {
    requirements = requirements.stream().sorted(ORDER).distinct().toList();
  }

  public boolean matches(Labels labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.holds(labels)) {
        return false;
      }
    }
    return true;
  }

  /** As kubectl writes it: "app=web,tier in (a,b),!old"; empty for everything. */
  @Override
  public String toString() {
    return String.join(",", requirements.stream().map(LabelSelector::text).toList());
  }

  private static String text(Requirement requirement) {
    String values = String.join(",", requirement.values());
    return switch (requirement.operator()) {
      case IN ->
          requirement.values().size() == 1
              ? requirement.key() + "=" + values
              : requirement.key() + " in (" + values + ")";
      case NOT_IN ->
          requirement.values().size() == 1
              ? requirement.key() + "!=" + values
              : requirement.key() + " notin (" + values + ")";
      case EXISTS -> requirement.key();
      case DOES_NOT_EXIST -> "!" + requirement.key();
    };
  }
}
