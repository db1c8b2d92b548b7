package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;

import io.fairlead.dataplane.model.PolicyDirection;
import java.util.ArrayList;
import java.util.List;

/** Who is isolated, and in which direction. */
final class TargetCases {

  private static final List<String> TARGETS =
      List.of(
          "",
          "pod=a",
          "pod in (a,b)",
          "pod!=a",
          "pod notin (a,b)",
          "pod",
          "!pod",
          "pod=nobody",
          "pod=a,pod=b",
          "pod in (a,b),pod!=b");

  private TargetCases() {}

  static List<PolicyCase> all() {
    List<PolicyCase> cases = new ArrayList<>();
    for (String target : TARGETS) {
      for (PolicyDirection direction : PolicyDirection.values()) {
        cases.add(
            PolicyCase.named(direction.text() + " denied for [" + target + "]", "target")
                .create(policy(direction, "y", "deny", target)));
      }
      cases.add(
          PolicyCase.named("both denied for [" + target + "] of all", "target", "direction")
              .create(
                  both("x", "deny", target, List.of(), List.of()),
                  both("z", "deny", target, List.of(), List.of())));
      cases.add(
          PolicyCase.named("ingress denied, egress allowed for [" + target + "]", "target")
              .create(both("x", "one-way", target, List.of(), List.of(with()))));
      cases.add(
          PolicyCase.named("ingress allowed, egress denied for [" + target + "]", "target")
              .create(both("x", "one-way", target, List.of(with()), List.of())));
    }
    cases.add(
        PolicyCase.named("neither direction", "target", "direction")
            .create(both("x", "none", "", null, null)));
    return cases;
  }
}
