package io.fairlead.bench.policy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The policies of a node, as fairlead or a rival enforces them, around two pods of it that may talk
 * to each other: for benchmarks of what packets meet. There are 10,000 pods, 100 of them here. Not
 * thread-safe.
 */
public final class PathPolicies implements AutoCloseable {

  /** Of the two pods. */
  public static final String SERVER = address(0);

  public static final String CLIENT = address(1);

  private static final int PODS = 10_000;
  private static final int LOCAL = 100;
  private static final int MORE = 100;
  private static final int FIRST_MORE_PORT = 30_000;

  private final Contender contender;

  private PathPolicies(Contender contender) {
    this.contender = contender;
  }

  /** How policies are about the two pods. */
  public enum Selection {
    /** All policies select other pods; those that would not are left out. */
    OTHERS,
    /**
     * They select the two as they select every pod of the node; one more in each direction, the
     * last that is asked, allows the traffic.
     */
    EVEN,
    /** Besides, the server is selected by 100 more, which do not allow the traffic. */
    MANY
  }

  /** Who enforces policies. */
  public enum Enforcer {
    FAIRLEAD("fairlead nftables") {
      @Override
      Contender open(LabNamespace namespace) throws IOException, InterruptedException {
        return FairleadContender.open(namespace);
      }
    },
    KUBE_ROUTER_NFT(KubeRouterRival.Variant.NFT.title()) {
      @Override
      Contender open(LabNamespace namespace) {
        return new KubeRouterRival(KubeRouterRival.Variant.NFT, namespace);
      }
    },
    KUBE_ROUTER_LEGACY(KubeRouterRival.Variant.LEGACY.title()) {
      @Override
      Contender open(LabNamespace namespace) {
        return new KubeRouterRival(KubeRouterRival.Variant.LEGACY, namespace);
      }
    };

    private final String title;

    Enforcer(String title) {
      this.title = title;
    }

    /** As tables show it. */
    public String title() {
      return title;
    }

    abstract Contender open(LabNamespace namespace) throws IOException, InterruptedException;

    /**
     * Enforces a cluster's policies.
     *
     * @param policies 0 to 100,000, in hundreds
     * @param port of the server, by TCP and UDP
     * @param namespace is the result's if this succeeds
     */
    public PathPolicies load(int policies, Selection selection, int port, LabNamespace namespace)
        throws IOException, InterruptedException {
      Contender contender = open(namespace);
      contender.load(cluster(policies, selection, port));
      return new PathPolicies(contender);
    }
  }

  private static String address(int pod) {
    return new Population(PODS, LOCAL, 0).pod(pod).addresses().getFirst().toString();
  }

  /** How many of the policies select the server. */
  public static int selecting(int policies, Selection selection) {
    if (policies == 0) {
      return 0;
    }
    return switch (selection) {
      case OTHERS -> 0;
      case EVEN -> policies / LOCAL + 1;
      case MANY -> policies / LOCAL + 1 + MORE;
    };
  }

  private static ClusterObjects cluster(int policies, Selection selection, int port) {
    Population population = new Population(PODS, LOCAL, policies);
    ClusterObjects cluster = ClusterObjects.of(population.withoutPolicies());
    for (int i = 0; i < policies; i++) {
      boolean isOfOthers = i % LOCAL > 1;
      if (isOfOthers || selection != Selection.OTHERS) {
        cluster.add(Policies.of(population, i));
      }
    }
    if (policies > 0 && selection != Selection.OTHERS) {
      cluster.add(allowing("zz-in", port, true));
      cluster.add(allowing("zz-out", port, false));
    }
    if (policies > 0 && selection == Selection.MANY) {
      more(population).forEach(cluster::add);
    }
    return cluster;
  }

  private static NetworkPolicyRecord allowing(String name, int port, boolean ingress) {
    int self = ingress ? 0 : 1;
    int other = 1 - self;
    List<Rule> rules =
        List.of(
            new Rule(
                List.of(new Peer.Pods(null, Policies.application(other))),
                List.of(Port.Range.of(Protocol.TCP, port), Port.Range.of(Protocol.UDP, port))));
    return new NetworkPolicyRecord(
        new ObjectKey(Population.namespaceName(0), name),
        Policies.application(self),
        ingress ? rules : null,
        ingress ? null : rules);
  }

  private static List<NetworkPolicyRecord> more(Population population) {
    List<NetworkPolicyRecord> policies = new ArrayList<>();
    for (int i = 0; i < MORE; i++) {
      Rule rule =
          new Rule(
              List.of(new Peer.Pods(null, Policies.application(i % population.local()))),
              List.of(Port.Range.of(Protocol.TCP, FIRST_MORE_PORT + i)));
      policies.add(Policies.ingress("more-" + i, Policies.application(0), rule));
    }
    return policies;
  }

  /** Ends its enforcer; the namespace is gone then. */
  @Override
  public void close() {
    contender.close();
  }
}
