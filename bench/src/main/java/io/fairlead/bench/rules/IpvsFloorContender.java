package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The floor of IPVS: one message that adds a real server and one that deletes another, in one send,
 * acknowledged. No backend that keeps endpoints in IPVS can do with less.
 */
final class IpvsFloorContender implements Contender {

  static final String NAME = "floor: one real server";

  private final LabNamespace namespace;
  private final IpvsSocket kernel;
  private RealServer first = real(Population.freshAddress(0));
  private int changes;

  private IpvsFloorContender(LabNamespace namespace) throws IOException, InterruptedException {
    this.namespace = namespace;
    this.kernel = namespace.call(IpvsSocket::open);
  }

  /** In {@code namespace}, which it takes over unless it throws. */
  static IpvsFloorContender open(LabNamespace namespace) throws IOException, InterruptedException {
    return new IpvsFloorContender(namespace);
  }

  @Override
  public String name() {
    return NAME;
  }

  private static VirtualServerId server(int service) {
    return new VirtualServerId.ByAddress(
        Protocol.TCP, IpAddress.parse(Population.clusterIp(service)), Population.SERVICE_PORT);
  }

  private static RealServer real(String address) {
    return new RealServer(
        IpAddress.parse(address), Population.ENDPOINT_PORT, ForwardingMethod.MASQUERADE, 1);
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    List<IpvsOperation> operations = new ArrayList<>();
    for (int service = 0; service < population.services(); service++) {
      VirtualServerId server = server(service);
      operations.add(
          new IpvsOperation.AddVirtualServer(new VirtualServer(server, "rr", Set.of(), 0)));
      for (String address : population.addresses(service)) {
        operations.add(new IpvsOperation.AddRealServer(server, real(address)));
      }
    }
    first = real(population.addresses(0).getFirst());
    Applied applied = apply(operations);
    return applied.acknowledged() - applied.begin();
  }

  /** Always one of the first Service: whatever the change is, this is the least it can be. */
  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    RealServer fresh = real(Population.freshAddress(changes++));
    VirtualServerId server = server(0);
    List<IpvsOperation> operations =
        List.of(
            new IpvsOperation.AddRealServer(server, fresh),
            new IpvsOperation.DeleteRealServer(server, first.id()));
    first = fresh;
    return apply(operations);
  }

  private Applied apply(List<IpvsOperation> operations) throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      var failures = kernel.apply(operations);
      long end = System.nanoTime();
      if (!failures.isEmpty()) {
        throw new IOException("IPVS refused " + failures.getFirst());
      }
      return Applied.of(begin, end);
    });
  }

  @Override
  public void close() {
    kernel.close();
    namespace.close();
  }
}
