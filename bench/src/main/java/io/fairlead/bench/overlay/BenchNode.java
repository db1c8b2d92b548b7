package io.fairlead.bench.overlay;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import java.io.IOException;
import java.util.Objects;

/** A namespace with a link that has the address of {@code new Peer(1)}. Not thread-safe. */
final class BenchNode implements AutoCloseable {

  static final Peer SELF = new Peer(1);

  private final LabNamespace namespace;
  private final RouteSocket kernel;

  private BenchNode(LabNamespace namespace, RouteSocket kernel) {
    this.namespace = namespace;
    this.kernel = kernel;
  }

  static BenchNode create(String name) throws IOException, InterruptedException {
    LabNamespace namespace = LabNamespace.create(name);
    try {
      namespace.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "wire");
      namespace.run("ip", "link", "set", "wire", "up");
      namespace.run("ip", "address", "add", SELF.address() + "/16", "dev", "eth0");
      namespace.run("ip", "link", "set", "eth0", "up");
      return new BenchNode(namespace, namespace.call(RouteSocket::open));
    } catch (IOException | InterruptedException e) {
      namespace.close();
      throw e;
    }
  }

  LabNamespace namespace() {
    return namespace;
  }

  RouteSocket kernel() {
    return kernel;
  }

  /** Counts what leads through the device. */
  Contender.Entries entries(String device) throws IOException {
    Link link = Objects.requireNonNull(kernel.link(device));
    return new Contender.Entries(
        (int)
            kernel.routes(RouteFilter.MAIN_TABLE).stream()
                .filter(route -> route.outputIndex() == link.index() && route.gateway() != null)
                .count(),
        (int)
            kernel.neighbours(link.index()).stream()
                .filter(neighbour -> neighbour.toString().contains("permanent"))
                .count(),
        (int)
            kernel.forwardingEntries(link.index()).stream()
                .filter(entry -> entry.destination() != null)
                .count());
  }

  @Override
  public void close() {
    kernel.close();
    namespace.close();
  }
}
