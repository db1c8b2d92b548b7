package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.PoliciesReport;
import io.fairlead.agent.server.PoliciesReport.Policy;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.WatchedReport;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers /policies. */
final class PolicyViews {

  private final String nodeName;
  private final ReconcileLoop loop;
  private final Enforcement enforcement;
  private final Supplier<Map<ObjectKey, String>> refused;

  /**
   * @param enforcement looked at on the reconciling thread
   * @param refused the policies that the kernel does not take; asked on the reconciling thread
   */
  PolicyViews(
      String nodeName,
      ReconcileLoop loop,
      Enforcement enforcement,
      Supplier<Map<ObjectKey, String>> refused) {
    this.nodeName = nodeName;
    this.loop = loop;
    this.enforcement = enforcement;
    this.refused = refused;
  }

  Map<String, Route> routes() {
    return WatchedReport.routes("/policies", this::policies, () -> loop.status().rounds());
  }

  private CompletionStage<PoliciesReport> policies(Request request) {
    Selection selection = Selection.of(request);
    return loop.ask(view -> report(view, selection));
  }

  PoliciesReport report(ClusterView view, Selection selection) {
    Map<ObjectKey, Set<String>> selected = selected();
    Map<ObjectKey, String> problems = refused.get();
    List<NetworkPolicyRecord> policies = new ArrayList<>();
    for (NetworkPolicyRecord policy : view.policyObjects().networkPolicies()) {
      if (selection.includes(policy.key().namespace(), policy.key().name())) {
        policies.add(policy);
      }
    }
    policies.sort(Comparator.comparing(NetworkPolicyRecord::key));
    return new PoliciesReport(
        nodeName,
        policies.stream()
            .map(policy ->
                policy(
                    policy,
                    List.copyOf(selected.getOrDefault(policy.key(), Set.of())),
                    problems.get(policy.key())))
            .toList());
  }

  /** The names of this node's pods by policy. */
  private Map<ObjectKey, Set<String>> selected() {
    Map<ObjectKey, Set<String>> selected = new HashMap<>();
    for (IpAddress address : enforcement.addresses()) {
      Subject subject = enforcement.subject(address);
      PodRecord pod = enforcement.pod(address);
      if (subject != null) {
        String name = pod == null ? address.toString() : pod.key().name();
        subject.ingress().forEach(key -> add(selected, key, name));
        subject.egress().forEach(key -> add(selected, key, name));
      }
    }
    return selected;
  }

  private static void add(Map<ObjectKey, Set<String>> selected, ObjectKey key, String name) {
    selected.computeIfAbsent(key, _ -> new TreeSet<>()).add(name);
  }

  private static Policy policy(
      NetworkPolicyRecord policy, List<String> pods, @Nullable String problem) {
    List<String> problems = new ArrayList<>(policy.problems());
    if (problem != null) {
      problems.add(problem);
    }
    return new Policy(
        policy.key().namespace(),
        policy.key().name(),
        policy.pods().toString(),
        pods,
        rules(policy.ingress()),
        rules(policy.egress()),
        problems);
  }

  private static int rules(@Nullable List<NetworkPolicyRecord.Rule> rules) {
    return rules == null ? -1 : rules.size();
  }
}
