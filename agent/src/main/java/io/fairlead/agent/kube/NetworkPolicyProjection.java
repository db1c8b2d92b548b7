package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * NetworkPolicy (networking.k8s.io/v1) to {@link NetworkPolicyRecord}, with the defaults of the API
 * (k8s.io/kubernetes pkg/apis/networking/v1 defaults.go).
 *
 * <p>It fails closed. What the API server would refuse, and what it may know but this agent does
 * not, allows nothing: a rule is left out, a peer or a port is left out of its rule, and what is
 * left in force is never wider than what was written.
 */
final class NetworkPolicyProjection {

  private final NetworkPolicySpec spec;
  private final List<String> problems = new ArrayList<>();
  private final PolicyPeers peers = new PolicyPeers(problems);
  private final PolicyPorts ports = new PolicyPorts(problems);

  private NetworkPolicyProjection(NetworkPolicySpec spec) {
    this.spec = spec;
  }

  static Projected project(NetworkPolicy policy) {
    ObjectKey key = Fields.key(policy);
    try {
      NetworkPolicySpec spec = policy.getSpec();
      return new NetworkPolicyProjection(spec == null ? new NetworkPolicySpec() : spec)
          .project(key);
    } catch (RuntimeException e) {
      return unreadable(key, "it cannot be read: " + e);
    }
  }

  /** A policy of which nothing is known but that it is there: its namespace is shut. */
  static Projected unreadable(ObjectKey key, String problem) {
    List<String> problems = List.of(problem);
    return new Projected(
        new NetworkPolicyChanged(
            key,
            new NetworkPolicyRecord(key, LabelSelector.EVERYTHING, List.of(), List.of(), problems)),
        problems);
  }

  private Projected project(ObjectKey key) {
    Fields.hasUnknown("spec", spec.getAdditionalProperties(), problems);
    LabelSelector pods = pods();
    boolean ingress = isolates("Ingress", true);
    boolean egress = isolates("Egress", spec.getEgress() != null && !spec.getEgress().isEmpty());
    checkTypes();
    NetworkPolicyRecord record =
        new NetworkPolicyRecord(
            key,
            pods,
            ingress ? SharedValues.shared(ingress()) : null,
            egress ? SharedValues.shared(egress()) : null,
            problems);
    return new Projected(new NetworkPolicyChanged(key, record), problems);
  }

  private LabelSelector pods() {
    if (spec.getPodSelector() == null) {
      return LabelSelector.EVERYTHING;
    }
    LabelSelector pods =
        new PolicySelectors(problems).read("spec.podSelector", spec.getPodSelector());
    if (pods == null) {
      problems.add(
          "spec.podSelector is not understood, so that it selects every pod of the namespace");
      return LabelSelector.EVERYTHING;
    }
    return pods;
  }

  /** What a policyType that is not known would have isolated is not known either: both are. */
  private boolean isolates(String direction, boolean otherwise) {
    List<String> types = spec.getPolicyTypes();
    if (types == null || types.isEmpty()) {
      return otherwise;
    }
    return types.contains(direction) || types.stream().anyMatch(type -> !isKnown(type));
  }

  private static boolean isKnown(@Nullable String type) {
    return "Ingress".equals(type) || "Egress".equals(type);
  }

  private void checkTypes() {
    List<String> types = spec.getPolicyTypes();
    if (types == null) {
      return;
    }
    for (String type : types) {
      if (!isKnown(type)) {
        problems.add(
            "spec.policyTypes has \""
                + type
                + "\", not Ingress or Egress, so the policy isolates in both directions");
      }
    }
  }

  private List<Rule> ingress() {
    List<Rule> rules = new ArrayList<>();
    List<NetworkPolicyIngressRule> given = spec.getIngress();
    for (int i = 0; given != null && i < given.size(); i++) {
      String place = "spec.ingress[" + i + "]";
      NetworkPolicyIngressRule rule = given.get(i);
      if (rule == null) {
        problems.add(place + " is empty; write {} for a rule that allows everything");
      } else {
        add(place, "from", rule.getFrom(), rule.getPorts(), rule.getAdditionalProperties(), rules);
      }
    }
    return List.copyOf(rules);
  }

  private List<Rule> egress() {
    List<Rule> rules = new ArrayList<>();
    List<NetworkPolicyEgressRule> given = spec.getEgress();
    for (int i = 0; given != null && i < given.size(); i++) {
      String place = "spec.egress[" + i + "]";
      NetworkPolicyEgressRule rule = given.get(i);
      if (rule == null) {
        problems.add(place + " is empty; write {} for a rule that allows everything");
      } else {
        add(place, "to", rule.getTo(), rule.getPorts(), rule.getAdditionalProperties(), rules);
      }
    }
    return List.copyOf(rules);
  }

  /** Peers or ports that are absent, or an empty list of them, mean any. */
  private void add(
      String place,
      String peersField,
      @Nullable List<NetworkPolicyPeer> givenPeers,
      @Nullable List<NetworkPolicyPort> givenPorts,
      @Nullable Map<String, Object> unknown,
      List<Rule> rules) {
    if (Fields.hasUnknown(place, unknown, problems)) {
      return;
    }
    rules.add(
        SharedValues.shared(
            new Rule(
                givenPeers == null || givenPeers.isEmpty()
                    ? null
                    : peers.read(place + "." + peersField, givenPeers),
                givenPorts == null || givenPorts.isEmpty()
                    ? null
                    : ports.read(place + ".ports", givenPorts))));
  }
}
