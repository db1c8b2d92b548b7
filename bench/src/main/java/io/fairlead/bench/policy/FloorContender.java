package io.fairlead.bench.policy;

import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP_SADDR;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import java.io.IOException;
import java.util.List;

/**
 * What nobody can undercut who keeps peers in sets of nf_tables: a set with an element for each pod
 * of the cluster, and a transaction for each change, acknowledged.
 */
final class FloorContender implements Contender {

  /** What the transaction of a change holds. */
  enum Variant {
    /** The table once more, which is there: nothing. */
    EMPTY("floor: an empty transaction"),
    /** One element goes and one comes. */
    ELEMENT("floor: one element out, one in");

    private final String title;

    Variant(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private static final TableName TABLE = TableName.inet("floor");
  private static final NfSet PEERS = NfSet.set(TABLE, "peers", "", IP_SADDR);

  private final Variant variant;
  private final LabNamespace namespace;
  private final NfTablesSocket kernel;
  private int changes;

  private FloorContender(Variant variant, LabNamespace namespace)
      throws IOException, InterruptedException {
    this.variant = variant;
    this.namespace = namespace;
    this.kernel = namespace.call(NfTablesSocket::open);
  }

  /** In {@code namespace}, which it takes over unless it throws. */
  static FloorContender open(Variant variant, LabNamespace namespace)
      throws IOException, InterruptedException {
    return new FloorContender(variant, namespace);
  }

  @Override
  public String name() {
    return variant.title();
  }

  private static SetElement element(IpAddress address) {
    return SetElement.of(new KeyBuilder().address(address).build());
  }

  /** An address that no pod has; another one for each number. */
  private static IpAddress fresh(int number) {
    return IpAddress.parse("10.250." + (number >> 8 & 255) + "." + (number & 255));
  }

  @Override
  public long load(ClusterObjects cluster) throws IOException, InterruptedException {
    List<SetElement> elements =
        cluster.pods().stream().map(FloorContender::address).map(FloorContender::element).toList();
    return commit(
        NfTransaction.of(
            new NfOperation.AddTable(NfTable.of(TABLE, "")),
            new NfOperation.AddSet(PEERS),
            new NfOperation.AddElements(PEERS, elements),
            new NfOperation.AddElements(PEERS, List.of(element(fresh(changes))))));
  }

  private static IpAddress address(PodRecord pod) {
    return pod.addresses().getFirst();
  }

  @Override
  public long change(ClusterObjects after, Change change) throws IOException, InterruptedException {
    return commit(
        switch (variant) {
          case EMPTY -> NfTransaction.of(new NfOperation.AddTable(NfTable.of(TABLE, "")));
          case ELEMENT ->
              NfTransaction.of(
                  new NfOperation.DeleteElements(PEERS, List.of(element(fresh(changes)))),
                  new NfOperation.AddElements(PEERS, List.of(element(fresh(++changes)))));
        });
  }

  private long commit(NfTransaction transaction) throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      kernel.commit(transaction);
      return System.nanoTime() - begin;
    });
  }

  @Override
  public void close() {
    kernel.close();
    namespace.close();
  }
}
