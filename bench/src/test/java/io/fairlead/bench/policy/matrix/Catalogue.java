package io.fairlead.bench.policy.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All generated cases, under the tags that the public suites of policies have. */
final class Catalogue {

  /** What the public suites sort their cases by. */
  static final List<String> TAGS =
      List.of(
          "action",
          "target",
          "direction",
          "policy-stack",
          "rule",
          "protocol",
          "port-number",
          "port-named",
          "port-range",
          "peer-ipblock",
          "peer-pods",
          "conflict");

  private Catalogue() {}

  static List<PolicyCase> all() {
    List<PolicyCase> cases = new ArrayList<>();
    cases.addAll(PeerCases.pods());
    cases.addAll(BlockCases.all());
    cases.addAll(PortCases.all());
    cases.addAll(TargetCases.all());
    cases.addAll(StackCases.all());
    cases.addAll(ChangeCases.all());
    return List.copyOf(cases);
  }

  /** How many cases have each tag; one may have several. */
  static Map<String, Integer> counts(List<PolicyCase> cases) {
    Map<String, Integer> counts = new TreeMap<>();
    cases.forEach(story -> story.tags().forEach(tag -> counts.merge(tag, 1, Integer::sum)));
    return counts;
  }
}
