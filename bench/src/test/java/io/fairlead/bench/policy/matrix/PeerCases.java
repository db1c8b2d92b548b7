package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.policy;
import static io.fairlead.bench.policy.matrix.Policies.rule;
import static io.fairlead.bench.policy.matrix.Policies.tcp;
import static io.fairlead.bench.policy.matrix.Policies.with;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.ArrayList;
import java.util.List;

/** Peers that are pods: each way to select namespaces with each way to select pods. */
final class PeerCases {

  /** Stands for no selector: the policy's own namespace. */
  private static final String OWN = "its own";

  private static final List<String> NAMESPACES =
      List.of(
          OWN,
          "",
          "ns=x",
          "ns=y",
          "ns!=x",
          "ns in (x,z)",
          "ns notin (y,z)",
          "ns",
          "!ns",
          ClusterState.NAMESPACE_NAME + "=z",
          "ns=nowhere",
          "ns!=nowhere,ns!=z");

  private static final List<String> PODS =
      List.of("", "pod=b", "pod in (a,c)", "pod!=b", "pod notin (a,b)", "pod", "!pod");

  private PeerCases() {}

  static List<PolicyCase> pods() {
    List<PolicyCase> cases = new ArrayList<>();
    for (PolicyDirection direction : PolicyDirection.values()) {
      for (String namespaces : NAMESPACES) {
        for (String pods : PODS) {
          Peer peer =
              namespaces.equals(OWN) ? Policies.pods(pods) : Policies.pods(namespaces, pods);
          String own = PodNetwork.NAMESPACES.get(cases.size() % 3);
          String name =
              "%s of %s/a: namespaces [%s] pods [%s]"
                  .formatted(direction.text(), own, namespaces, pods);
          // Every second one allows a port only, so that both forms meet all selectors.
          cases.add(
              PolicyCase.named(name, "peer-pods", "direction")
                  .create(
                      cases.size() % 2 == 0
                          ? policy(direction, own, "peers", "pod=a", with(peer))
                          : policy(
                              direction, own, "peers", "pod=a", rule(List.of(peer), tcp(80)))));
        }
      }
    }
    return cases;
  }
}
