package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.dataplane.policy.enforcement.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What there is to tell about policies. Looked up when something has changed only, since status is
 * asked for after every round. {@link #counts} may be asked by any thread, the rest is for the
 * reconciling thread.
 */
final class PolicyFacts {

  /** More than this in one line help nobody. */
  private static final int TOLD = 8;

  private final Enforcement enforcement;
  private final AdmissionDesk desk;
  private final Supplier<Map<ObjectKey, String>> refused;
  private final BiConsumer<ObjectKey, String> report;
  private Map<ObjectKey, String> reported = Map.of();
  private Map<String, String> facts = Map.of();
  private volatile PolicyMetrics.Counts counts = PolicyMetrics.Counts.NONE;

  /**
   * Nothing to tell yet.
   *
   * @param refused the policies that the kernel does not take, each with a sentence
   * @param report takes each of them once, and again when its sentence is another
   */
  PolicyFacts(
      Enforcement enforcement,
      AdmissionDesk desk,
      Supplier<Map<ObjectKey, String>> refused,
      BiConsumer<ObjectKey, String> report) {
    this.enforcement = enforcement;
    this.desk = desk;
    this.refused = refused;
    this.report = report;
  }

  PolicyMetrics.Counts counts() {
    return counts;
  }

  Map<String, String> facts() {
    return facts;
  }

  /** Something may have changed. */
  void refresh() {
    List<PodAttachment> outside = desk.outside();
    long isolated =
        enforcement.addresses().stream()
            .filter(address -> !Subject.FREE.equals(enforcement.subject(address)))
            .count();
    counts =
        new PolicyMetrics.Counts(
            enforcement.policies().size(),
            Math.toIntExact(isolated),
            enforcement.addresses().size(),
            outside.size());
    facts = tell(outside);
  }

  private Map<ObjectKey, String> problems() {
    Map<ObjectKey, String> problems = new TreeMap<>();
    for (NetworkPolicyRecord policy : enforcement.policies().values()) {
      if (!policy.problems().isEmpty()) {
        problems.put(policy.key(), String.join("; ", policy.problems()));
      }
    }
    Map<ObjectKey, String> now = refused.get();
    now.forEach((policy, sentence) -> {
      problems.merge(policy, sentence, (understood, enforced) -> understood + "; " + enforced);
      if (!sentence.equals(reported.get(policy))) {
        report.accept(policy, sentence);
      }
    });
    reported = Map.copyOf(now);
    return problems;
  }

  private Map<String, String> tell(List<PodAttachment> outside) {
    Map<String, String> told = new LinkedHashMap<>();
    told.put("policies", counts.policies() + " select pods of this node");
    told.put(
        "pods",
        counts.admittedPods()
            + " addresses let in, "
            + counts.isolatedPods()
            + " of them isolated by policies");
    if (!outside.isEmpty()) {
      told.put(
          "waiting",
          list(outside.stream().map(pod -> Objects.toString(pod.pod(), pod.id())).toList()));
    }
    Map<ObjectKey, String> problems = problems();
    if (!problems.isEmpty()) {
      told.put(
          "problem",
          list(problems.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList()));
    }
    return told;
  }

  private static String list(List<String> items) {
    String told = items.stream().limit(TOLD).collect(Collectors.joining("; "));
    return items.size() > TOLD ? told + "; and " + (items.size() - TOLD) + " more" : told;
  }
}
