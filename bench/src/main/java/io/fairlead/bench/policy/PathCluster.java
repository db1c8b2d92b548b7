package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;

/** Which policies are between the two pods of a {@link PathNode}. */
enum PathCluster {
  /** There is no policy in the cluster. */
  NONE("no policies") {
    @Override
    ClusterObjects of(Population population) {
      return ClusterObjects.of(population.withoutPolicies());
    }
  },
  /**
   * Each pod is selected by those of the population, and by one that allows the traffic, the last
   * in the order of names.
   */
  FEW("all policies") {
    @Override
    ClusterObjects of(Population population) {
      ClusterObjects cluster = ClusterObjects.of(population);
      cluster.add(allowing("zz-in", true));
      cluster.add(allowing("zz-out", false));
      return cluster;
    }
  },
  /** Besides, the server is selected by 100 more, which do not allow the traffic. */
  MANY("all policies and 100 more of the server") {
    @Override
    ClusterObjects of(Population population) {
      ClusterObjects cluster = FEW.of(population);
      for (int i = 0; i < MORE; i++) {
        Rule rule =
            new Rule(
                List.of(new Peer.Pods(null, Policies.application(i % population.local()))),
                List.of(Port.Range.of(Protocol.TCP, FIRST_PORT + i)));
        cluster.add(Policies.ingress("more-" + i, Policies.application(PathNode.SERVER), rule));
      }
      return cluster;
    }
  };

  private static final int MORE = 100;
  private static final int FIRST_PORT = 30_000;

  private final String title;

  PathCluster(String title) {
    this.title = title;
  }

  /** As the tables show it. */
  String title() {
    return title;
  }

  /** What is in the cluster. */
  abstract ClusterObjects of(Population population);

  private static NetworkPolicyRecord allowing(String name, boolean ingress) {
    int self = ingress ? PathNode.SERVER : PathNode.CLIENT;
    int other = ingress ? PathNode.CLIENT : PathNode.SERVER;
    List<Rule> rules =
        List.of(
            new Rule(
                List.of(new Peer.Pods(null, Policies.application(other))),
                List.of(new Port.Range(Protocol.TCP, PathNode.LETTER_PORT, PathNode.BULK_PORT))));
    return new NetworkPolicyRecord(
        new ObjectKey(Population.namespaceName(0), name),
        Policies.application(self),
        ingress ? rules : null,
        ingress ? null : rules);
  }
}
