package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Policies in a namespace of 1,000 pods, 100 of them on this node: from records to the transaction.
 * There are 100 applications of ten pods; a policy selects one and admits another at one port.
 */
@State(Scope.Thread)
public class PolicyBenchmark {

  private static final int PODS = 1000;
  private static final int APPLICATIONS = 100;
  private static final PolicySettings SETTINGS =
      new PolicySettings(List.of(Cidr.parse("10.244.1.0/24")), 100, 100);

  @Param({"1", "1000"})
  public int policies;

  private final List<PodRecord> pods = new ArrayList<>();
  private final List<NetworkPolicyRecord> records = new ArrayList<>();
  private @Nullable Node changing;
  private boolean added;

  /** What an agent has in memory. */
  private record Node(Enforcement enforcement, NftablesPolicies table) {

    static Node create() {
      Enforcement enforcement = new Enforcement(SampleObjects.NODE, false);
      return new Node(
          enforcement, new NftablesPolicies(new AcceptingKernel(), enforcement, SETTINGS));
    }

    int commit() throws IOException {
      table.update(enforcement.take());
      return table.commit().size();
    }
  }

  @Setup
  public void load() throws IOException {
    for (int i = 0; i < PODS; i++) {
      pods.add(pod(i));
    }
    for (int i = 0; i < policies; i++) {
      records.add(policy(i));
    }
    Node node = Node.create();
    fill(node);
    node.commit();
    changing = node;
  }

  private void fill(Node node) {
    Labels labels = Labels.of(Map.of("kubernetes.io/metadata.name", "default"));
    node.enforcement().namespace("default", new NamespaceRecord("default", labels));
    for (PodRecord pod : pods) {
      node.enforcement().pod(pod.key(), pod);
      if (SampleObjects.NODE.equals(pod.node())) {
        node.enforcement()
            .attach(new PodAttachment(pod.key().name(), pod.key(), pod.uid(), pod.addresses()));
      }
    }
    for (NetworkPolicyRecord policy : records) {
      node.enforcement().policy(policy.key(), policy);
    }
  }

  private static PodRecord pod(int number) {
    boolean here = number < APPLICATIONS;
    String address =
        here ? "10.244.1." + (2 + number) : "10.128." + (number >> 8) + "." + (number & 255);
    return new PodRecord(
        new ObjectKey("default", "pod-" + number),
        "uid-" + number,
        Labels.of(Map.of("app", "app-" + number % APPLICATIONS)),
        List.of(IpAddress.parse(address)),
        here ? SampleObjects.NODE : "node-2",
        false,
        List.of(),
        number);
  }

  private static NetworkPolicyRecord policy(int number) {
    return new NetworkPolicyRecord(
        new ObjectKey("default", "policy-" + number),
        application(number),
        List.of(
            new NetworkPolicyRecord.Rule(
                List.of(new NetworkPolicyRecord.Peer.Pods(null, application(number + 1))),
                List.of(NetworkPolicyRecord.Port.Range.of(Protocol.TCP, 10_000 + number)))),
        null);
  }

  private static LabelSelector application(int number) {
    return new LabelSelector(
        List.of(LabelSelector.Requirement.equal("app", "app-" + number % APPLICATIONS)));
  }

  /** All of them, as at a start. */
  @Benchmark
  public int compileAll() throws IOException {
    Node node = Node.create();
    fill(node);
    return node.commit();
  }

  /** One more is created, or deleted the next time. */
  @Benchmark
  public int changeOne() throws IOException {
    Node node = changing;
    if (node == null) {
      throw new IllegalStateException("JMH loads the policies first");
    }
    NetworkPolicyRecord policy = policy(policies);
    node.enforcement().policy(policy.key(), added ? null : policy);
    added = !added;
    return node.commit();
  }
}
