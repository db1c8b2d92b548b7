package io.fairlead.bench.policy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * fairlead's own way, without the agent around it: from a record through what the node enforces to
 * the table's commit.
 */
public final class FairleadContender implements Contender {

  static final String NAME = "fairlead";

  private static final PolicySettings SETTINGS =
      new PolicySettings(List.of(Cidr.parse(Population.POD_NETWORK)), 100, 100);

  private final LabNamespace namespace;
  private final NfTablesSocket socket;
  private final CountedTransactions counted = new CountedTransactions();
  private final NfTablesKernel kernel;
  private @Nullable Working working;

  private FairleadContender(LabNamespace namespace) throws IOException, InterruptedException {
    this.namespace = namespace;
    this.socket = namespace.call(NfTablesSocket::open);
    this.kernel = counted.counted(socket);
  }

  /** In {@code namespace}, which it takes over unless it throws. */
  public static FairleadContender open(LabNamespace namespace)
      throws IOException, InterruptedException {
    return new FairleadContender(namespace);
  }

  /** What an agent has in memory. */
  private record Working(Enforcement enforcement, NftablesPolicies table) {

    static Working create(NfTablesKernel kernel) {
      Enforcement enforcement = new Enforcement(Population.NODE, false);
      return new Working(enforcement, new NftablesPolicies(kernel, enforcement, SETTINGS));
    }

    void take(ClusterObjects cluster) {
      for (NamespaceRecord record : cluster.namespaces().values()) {
        enforcement.namespace(record.name(), record);
      }
      for (PodRecord record : cluster.pods()) {
        enforcement.pod(record.key(), record);
      }
      for (NetworkPolicyRecord record : cluster.policies()) {
        enforcement.policy(record.key(), record);
      }
      for (PodAttachment attachment : cluster.attachments()) {
        enforcement.attach(attachment);
      }
    }

    void take(Change change) {
      switch (change) {
        case Change.OfPod pod -> enforcement.pod(pod.key(), pod.pod());
        case Change.OfPolicy policy -> enforcement.policy(policy.key(), policy.policy());
      }
    }

    List<String> commit() throws IOException {
      table.update(enforcement.take());
      return table.commit();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long load(ClusterObjects cluster) throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      Working fresh = Working.create(kernel);
      fresh.take(cluster);
      fresh.commit();
      working = fresh;
      return System.nanoTime() - begin;
    });
  }

  @Override
  public long change(ClusterObjects after, Change change) throws IOException, InterruptedException {
    Working current = working;
    if (current == null) {
      throw new IllegalStateException("nothing was loaded");
    }
    return namespace.call(() -> {
      long begin = System.nanoTime();
      current.take(change);
      List<String> taken = current.commit();
      long nanos = System.nanoTime() - begin;
      if (taken.isEmpty()) {
        throw new IOException(NAME + " had nothing to do for: " + change.kind().title());
      }
      return nanos;
    });
  }

  @Override
  public Effort effort() {
    return counted.effort();
  }

  @Override
  public void close() {
    socket.close();
    namespace.close();
  }
}
