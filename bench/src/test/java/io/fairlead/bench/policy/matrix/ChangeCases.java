package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What happens to policies, pods and namespaces while they are enforced. */
final class ChangeCases {

  private final List<PolicyCase> cases = new ArrayList<>();

  private ChangeCases() {}

  static List<PolicyCase> all() {
    ChangeCases changes = new ChangeCases();
    for (PolicyDirection direction : PolicyDirection.values()) {
      changes.policies(direction);
      changes.relabelledPods(direction);
      changes.relabelledNamespaces(direction);
      changes.successors(direction);
    }
    changes.directions();
    return changes.cases;
  }

  private PolicyCase story(PolicyDirection direction, String name) {
    return PolicyCase.named(direction.text() + ": " + name, "action", "direction");
  }

  private void policies(PolicyDirection direction) {
    NetworkPolicyRecord deny = policy(direction, "x", "one", "");
    NetworkPolicyRecord some = policy(direction, "x", "one", "", with(pods("ns=y", "pod!=a")));
    cases.add(
        story(direction, "create, change, delete a policy")
            .create(deny)
            .then("allow some", state -> state.with(some))
            .then("deny", state -> state.with(deny))
            .then("delete", state -> state.withoutPolicy("x", "one"))
            .then("create again", state -> state.with(some)));
    cases.add(
        story(direction, "a policy selects others")
            .create(policy(direction, "x", "one", "pod=a"))
            .then("pod b", state -> state.with(policy(direction, "x", "one", "pod=b")))
            .then("all but b", state -> state.with(policy(direction, "x", "one", "pod!=b")))
            .then("nobody", state -> state.with(policy(direction, "x", "one", "pod=q"))));
    cases.add(
        story(direction, "ports change")
            .create(policy(direction, "x", "one", "", at(tcp(80))))
            .then("81", state -> state.with(policy(direction, "x", "one", "", at(tcp(81)))))
            .then(
                "both",
                state ->
                    state.with(policy(direction, "x", "one", "", at(range(Protocol.TCP, 80, 81)))))
            .then(
                "a name",
                state ->
                    state.with(policy(direction, "x", "one", "", at(named(Protocol.TCP, "web"))))));
    cases.add(
        story(direction, "blocks change")
            .create(policy(direction, "x", "one", "", with(block("10.244.1.0/24"))))
            .then(
                "except",
                state ->
                    state.with(
                        policy(
                            direction,
                            "x",
                            "one",
                            "",
                            with(block("10.244.1.0/24", "10.244.1.32/28")))))
            .then(
                "smaller",
                state ->
                    state.with(policy(direction, "x", "one", "", with(block("10.244.1.32/29"))))));
    cases.add(
        story(direction, "one of two policies goes")
            .create(deny, policy(direction, "x", "two", "pod=a", with(pods("pod=b"))))
            .then("the one that allows", state -> state.withoutPolicy("x", "two"))
            .then("the other", state -> state.withoutPolicy("x", "one")));
    cases.add(
        story(direction, "a policy that shares its peers with another goes")
            .create(
                policy(direction, "x", "one", "pod=a", with(pods("ns=y", "pod=b"))),
                policy(direction, "z", "two", "pod=a", with(pods("ns=y", "pod=b"))))
            .then("one", state -> state.withoutPolicy("x", "one"))
            .then("relabel", state -> state.labelPod("y", "b", "pod", "d"))
            .then("relabel back", state -> state.labelPod("y", "b", "pod", "b"))
            .then("two", state -> state.withoutPolicy("z", "two")));
  }

  private void relabelledPods(PolicyDirection direction) {
    cases.add(
        story(direction, "a pod becomes a subject, and is none any more")
            .create(policy(direction, "x", "one", "tier=front", with(pods("pod=b"))))
            .then("label x/a", state -> state.labelPod("x", "a", "tier", "front"))
            .then("label x/c", state -> state.labelPod("x", "c", "tier", "front"))
            .then("another value", state -> state.labelPod("x", "a", "tier", "back"))
            .then("remove", state -> state.labelPod("x", "c", "tier", null)));
    cases.add(
        story(direction, "a pod becomes a peer, and is none any more")
            .create(policy(direction, "x", "one", "pod=a", with(pods("", "tier=front"))))
            .then("label y/b", state -> state.labelPod("y", "b", "tier", "front"))
            .then("label x/a itself", state -> state.labelPod("x", "a", "tier", "front"))
            .then("label z/c", state -> state.labelPod("z", "c", "tier", "front"))
            .then("another value", state -> state.labelPod("y", "b", "tier", "back"))
            .then("remove", state -> state.labelPod("z", "c", "tier", null)));
    cases.add(
        story(direction, "a pod matches by a label that is gone")
            .create(policy(direction, "x", "one", "!pod", with(pods("", "!pod"))))
            .then("remove x/b's", state -> state.labelPod("x", "b", "pod", null))
            .then("remove z/b's", state -> state.labelPod("z", "b", "pod", null))
            .then("an empty value", state -> state.labelPod("x", "b", "pod", "")));
    cases.add(
        story(direction, "a named port moves")
            .create(policy(direction, "x", "one", "", at(named(Protocol.TCP, "web"))))
            .then(
                "x/a's",
                state -> state.withPorts("x", "a", new ContainerPort("web", Protocol.TCP, 81)))
            .then(
                "y/a has it twice",
                state ->
                    state.withPorts(
                        "y",
                        "a",
                        new ContainerPort("web", Protocol.TCP, 80),
                        new ContainerPort("web", Protocol.TCP, 81)))
            .then("x/b has none", state -> state.withPorts("x", "b")));
  }

  private void relabelledNamespaces(PolicyDirection direction) {
    cases.add(
        story(direction, "a namespace becomes a peer, and is none any more")
            .create(policy(direction, "x", "one", "", with(pods("team=red", "pod!=c"))))
            .then("label y", state -> state.labelNamespace("y", "team", "red"))
            .then("label x itself", state -> state.labelNamespace("x", "team", "red"))
            .then("another value", state -> state.labelNamespace("y", "team", "blue"))
            .then("remove", state -> state.labelNamespace("x", "team", null)));
    cases.add(
        story(direction, "a namespace matches by a label that is gone")
            .create(policy(direction, "x", "one", "pod=a", with(namespaces("!ns"))))
            .then("remove y's", state -> state.labelNamespace("y", "ns", null))
            .then("put it back", state -> state.labelNamespace("y", "ns", "y")));
  }

  /** A pod of the same name and address is another one: policy 5, faults 26. */
  private void successors(PolicyDirection direction) {
    cases.add(
        story(direction, "a pod is made anew with the same address")
            .create(
                policy(direction, "x", "subject", "pod=a", with(pods("ns=y", "pod=a"))),
                policy(direction, "z", "other", "pod=other"))
            .then("a peer", state -> state.recreatePod("y", "a", Map.of("pod", "other")))
            .then("a subject", state -> state.recreatePod("x", "a", Map.of("pod", "other")))
            .then(
                "a subject of others", state -> state.recreatePod("z", "c", Map.of("pod", "other")))
            .then("the peer again", state -> state.recreatePod("y", "a", Map.of("pod", "a")))
            .then("the subject again", state -> state.recreatePod("x", "a", Map.of("pod", "a"))));
  }

  private void directions() {
    cases.add(
        PolicyCase.named("a policy isolates in other directions", "action", "direction")
            .create(both("x", "one", "", List.of(), null))
            .then("egress, too", state -> state.with(both("x", "one", "", List.of(), List.of())))
            .then("egress only", state -> state.with(both("x", "one", "", null, List.of())))
            .then("neither", state -> state.with(both("x", "one", "", null, null))));
    cases.add(
        PolicyCase.named("everything at once", "action")
            .create(ingress("x", "one", "", with(pods("pod=a"))))
            .then(
                "labels, policies and pods",
                state ->
                    state
                        .with(egress("y", "two", "tier=front", with(namespaces("team=red"))))
                        .with(ingress("x", "one", "pod=b", with(namespaces("team=red"))))
                        .labelNamespace("z", "team", "red")
                        .labelPod("y", "c", "tier", "front")
                        .labelPod("x", "c", "pod", "b")
                        .recreatePod("z", "a", Map.of("pod", "z"))));
  }
}
