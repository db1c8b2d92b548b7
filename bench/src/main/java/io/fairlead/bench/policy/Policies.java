package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a {@link Population}. Each selects one application of its namespace, in one
 * direction, and has two rules: one for another application of the namespace and for the same one
 * in half of the namespaces, at two ports; and one for a whole namespace or a network with a hole,
 * at another port. So those of an application differ in their ports, and share some of their peers.
 */
final class Policies {

  /** Beyond the ports of the policies of one application. */
  private static final int SECOND_PORTS = 20_000;

  private static final int FIRST_PORTS = 10_000;

  /** Of so many policies of an application, one means a whole namespace. */
  private static final int NAMESPACE_EVERY = 10;

  private Policies() {}

  static NetworkPolicyRecord of(Population population, int policy) {
    int namespace = policy % population.policyNamespaces();
    int rest = policy / population.policyNamespaces();
    int application = rest % population.local();
    int variant = rest / population.local();
    List<Rule> rules =
        List.of(
            new Rule(
                List.of(
                    new Peer.Pods(
                        null, application((application + 1 + variant) % population.local())),
                    new Peer.Pods(
                        label(Population.TEAM, Population.team(variant)),
                        application(application))),
                List.of(
                    Port.Range.of(Protocol.TCP, FIRST_PORTS + variant),
                    Port.Range.of(Protocol.UDP, FIRST_PORTS + variant))),
            new Rule(
                List.of(other(application, variant)),
                List.of(Port.Range.of(Protocol.TCP, SECOND_PORTS + variant))));
    boolean ingress = variant % 2 == 0;
    return new NetworkPolicyRecord(
        new ObjectKey(Population.namespaceName(namespace), "policy-" + application + "-" + variant),
        application(application),
        ingress ? rules : null,
        ingress ? null : rules);
  }

  private static Peer other(int application, int variant) {
    if (variant % NAMESPACE_EVERY == 0) {
      String name = Population.namespaceName(1 + application % (Population.NAMESPACES - 1));
      return new Peer.Pods(label("kubernetes.io/metadata.name", name), everything());
    }
    String network = "172." + (16 + variant % 16) + ".";
    return new Peer.Block(
        Cidr.parse(network + "0.0/16"), List.of(Cidr.parse(network + application + ".0/24")));
  }

  /**
   * A policy that selects all pods of "default", this node's among them, and admits half of all
   * pods.
   */
  static NetworkPolicyRecord wide(String name) {
    return ingress(
        name,
        everything(),
        new Rule(
            List.of(new Peer.Pods(label(Population.TEAM, Population.team(1)), everything())),
            List.of(Port.Range.of(Protocol.TCP, SECOND_PORTS))));
  }

  /** A policy of "default" that selects pods and has at most one rule, of ingress. */
  static NetworkPolicyRecord ingress(String name, LabelSelector pods, @Nullable Rule rule) {
    return new NetworkPolicyRecord(
        new ObjectKey(Population.namespaceName(0), name),
        pods,
        rule == null ? List.of() : List.of(rule),
        null);
  }

  static LabelSelector application(int application) {
    return label(Population.APPLICATION, Population.applicationName(application));
  }

  static LabelSelector label(String key, String value) {
    return new LabelSelector(List.of(Requirement.equal(key, value)));
  }

  static LabelSelector everything() {
    return new LabelSelector(List.of());
  }
}
