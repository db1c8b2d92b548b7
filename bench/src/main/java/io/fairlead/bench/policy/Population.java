package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import java.util.Map;

/**
 * The cluster that is measured: ten namespaces of equally many pods, the first of which is
 * "default" and has all pods of this node. A namespace has as many applications as this node has
 * pods, and this node has one pod of each application of "default". Objects are numbered from 0.
 * Immutable.
 *
 * @param pods in the cluster, at least 20 times {@code local}, and a multiple of 10 times
 * @param local pods of this node, 2 to 200
 * @param policies in the cluster, a multiple of {@code local} times {@code policyNamespaces}, or 0
 * @param policyNamespaces how many of the namespaces have the policies, 1 to 10: with 1 each of
 *     them selects a pod of this node
 */
public record Population(int pods, int local, int policies, int policyNamespaces) {

  static final int NAMESPACES = 10;
  static final int MOST_LOCAL = 200;
  private static final int USUAL_LOCAL = 100;
  static final String NODE = "node-1";

  /** The label by which policies select pods. */
  static final String APPLICATION = "app";

  /** The label of namespaces that stands for half of them. */
  static final String TEAM = "team";

  static final String POD_NETWORK = "10.244.1.0/24";

  /** Less the lab's bridge, and less the pods that a measurement attaches besides. */
  private static final int FIRST_LOCAL_ADDRESS = 40;

  private static final int PODS_PER_NODE = 100;
  private static final int MOST_PODS = 100_000;
  private static final int MOST_POLICIES = 100_000;

  public Population {
    if (local < 2 || local > MOST_LOCAL) {
      throw new IllegalArgumentException("this node has 2 to 200 pods, not " + local);
    }
    int unit = NAMESPACES * local;
    if (pods < 2 * unit || pods > MOST_PODS || pods % unit != 0) {
      throw new IllegalArgumentException(
          "a cluster has 20 times the pods of this node or more, in multiples of 10 times, and at"
              + " most 100000; not "
              + pods);
    }
    if (policyNamespaces < 1 || policyNamespaces > NAMESPACES) {
      throw new IllegalArgumentException(
          "policies are in 1 to 10 namespaces, not in " + policyNamespaces);
    }
    if (policies < 0 || policies > MOST_POLICIES || policies % (local * policyNamespaces) != 0) {
      throw new IllegalArgumentException(
          "a cluster has at most 100000 policies, in multiples of the pods of this node times the"
              + " namespaces with policies; not "
              + policies);
    }
  }

  /** All policies are in "default". */
  public Population(int pods, int local, int policies) {
    this(pods, local, policies, 1);
  }

  /** As parameters of a cell. */
  public Map<String, String> parameters() {
    return Map.of(
        "pods",
        Integer.toString(pods),
        "local",
        Integer.toString(local),
        "policies",
        Integer.toString(policies));
  }

  /**
   * A twentieth of the pods is here, but not more than a usual node has; all policies mean them.
   */
  public static Population of(int pods, int policies) {
    return new Population(pods, Math.min(pods / 20, USUAL_LOCAL), policies);
  }

  /** "10000 pods, 100 here, 1000 policies". */
  public String title() {
    return pods + " pods, " + local + " here, " + policies + " policies";
  }

  /** The same cluster with no policy at all. */
  Population withoutPolicies() {
    return new Population(pods, local, 0, policyNamespaces);
  }

  private int podsPerNamespace() {
    return pods / NAMESPACES;
  }

  static String namespaceName(int namespace) {
    return namespace == 0 ? "default" : "namespace-" + namespace;
  }

  static String team(int namespace) {
    return namespace % 2 == 0 ? "even" : "odd";
  }

  static NamespaceRecord namespace(int namespace) {
    String name = namespaceName(namespace);
    return new NamespaceRecord(
        name, Labels.of(Map.of("kubernetes.io/metadata.name", name, TEAM, team(namespace))));
  }

  /** Whether a pod is on this node. */
  boolean isLocal(int pod) {
    return pod < local;
  }

  ObjectKey podKey(int pod) {
    return new ObjectKey(namespaceName(pod / podsPerNamespace()), "pod-" + pod);
  }

  int application(int pod) {
    return pod % podsPerNamespace() % local;
  }

  static String applicationName(int application) {
    return "app-" + application;
  }

  PodRecord pod(int pod) {
    return pod(pod, application(pod));
  }

  /** The pod, as if it belonged to another application. */
  PodRecord pod(int pod, int application) {
    return new PodRecord(
        podKey(pod),
        "00000000-0000-4000-8000-%012x".formatted(pod),
        labels(pod, application),
        List.of(address(pod)),
        isLocal(pod) ? NODE : "node-" + (2 + pod / PODS_PER_NODE),
        false,
        List.of(new ContainerPort("web", Protocol.TCP, 8080)),
        1_700_000_000 + pod);
  }

  /** What a Deployment's pod has. */
  private static Labels labels(int pod, int application) {
    return Labels.of(
        Map.of(
            APPLICATION,
            applicationName(application),
            "tier",
            pod % 3 == 0 ? "front" : "back",
            "pod-template-hash",
            Integer.toHexString(0x5ac0_0000 + application)));
  }

  private IpAddress address(int pod) {
    return IpAddress.parse(
        isLocal(pod)
            ? "10.244.1." + (FIRST_LOCAL_ADDRESS + pod)
            : "10." + (128 + (pod >> 16)) + "." + (pod >> 8 & 255) + "." + (pod & 255));
  }
}
