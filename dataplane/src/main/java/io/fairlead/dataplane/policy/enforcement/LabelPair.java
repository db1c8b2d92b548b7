package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import java.util.List;

/** A label and its value. */
record LabelPair(String key, String value) {

  /** One of these is among the labels of whatever fulfils the requirement; empty if unknown. */
  static List<LabelPair> of(Requirement requirement) {
    return requirement.operator() == Operator.IN
        ? requirement.values().stream()
            .map(value -> new LabelPair(requirement.key(), value))
            .toList()
        : List.of();
  }
}
