package io.fairlead.bench.rules;

import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP_DADDR;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.L4PROTO;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.TH_DPORT;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The floor: a map with as many elements as there are endpoints, and one transaction that takes one
 * element out and puts one in, acknowledged. No backend that keeps endpoints in a map can do with
 * less.
 */
final class FloorContender implements Contender {

  static final String NAME = "floor: one map element";

  private static final TableName TABLE = TableName.inet("floor");
  private static final NfSet ENDPOINTS =
      NfSet.map(
          TABLE,
          "endpoints",
          "",
          SetData.values(IP_DADDR, TH_DPORT),
          IP_DADDR,
          L4PROTO,
          TH_DPORT,
          NumberField.random(65536));

  private final LabNamespace namespace;
  private final NfTablesSocket kernel;
  private SetElement first = element(0, 0, Population.freshAddress(0));
  private int changes;

  private FloorContender(LabNamespace namespace) throws IOException, InterruptedException {
    this.namespace = namespace;
    this.kernel = namespace.call(NfTablesSocket::open);
  }

  /** In {@code namespace}, which it takes over unless it throws. */
  static FloorContender open(LabNamespace namespace) throws IOException, InterruptedException {
    return new FloorContender(namespace);
  }

  @Override
  public String name() {
    return NAME;
  }

  private static SetElement element(int service, int slot, String endpoint) {
    return SetElement.of(
        new KeyBuilder()
            .address(IpAddress.parse(Population.clusterIp(service)))
            .protocol(Protocol.TCP.number())
            .port(Population.SERVICE_PORT)
            .number(slot)
            .build(),
        new KeyBuilder().address(IpAddress.parse(endpoint)).port(Population.ENDPOINT_PORT).build());
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    List<SetElement> elements = new ArrayList<>(population.services() * population.endpoints());
    for (int service = 0; service < population.services(); service++) {
      List<String> addresses = population.addresses(service);
      for (int slot = 0; slot < addresses.size(); slot++) {
        elements.add(element(service, slot, addresses.get(slot)));
      }
    }
    NfTransaction transaction =
        NfTransaction.of(
            new NfOperation.AddTable(NfTable.of(TABLE, "")),
            new NfOperation.AddSet(ENDPOINTS),
            new NfOperation.AddElements(ENDPOINTS, elements));
    first = elements.getFirst();
    Applied applied = commit(transaction);
    return applied.acknowledged() - applied.begin();
  }

  /** Always one of the first Service: whatever the change is, this is the least it can be. */
  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    SetElement fresh = element(0, 0, Population.freshAddress(changes++));
    NfTransaction transaction =
        NfTransaction.of(
            new NfOperation.DeleteElements(ENDPOINTS, List.of(first)),
            new NfOperation.AddElements(ENDPOINTS, List.of(fresh)));
    first = fresh;
    return commit(transaction);
  }

  private Applied commit(NfTransaction transaction) throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      kernel.commit(transaction);
      return Applied.of(begin, System.nanoTime());
    });
  }

  @Override
  public void close() {
    kernel.close();
    namespace.close();
  }
}
