package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.NetworkNamespace;
import java.io.IOException;
import java.util.List;

/**
 * The floor: one message to the kernel from this JVM, that makes a pair of links of which one end
 * is in the pod and the other a port of a bridge; and one that removes it. The kernel does no less
 * for any plugin.
 */
final class VethContender implements Contender {

  private static final String BRIDGE = "br0";
  private static final int MTU = 1450;

  private final LabNamespace node;
  private final RouteKernel kernel;
  private final int bridge;

  private VethContender(LabNamespace node, RouteKernel kernel, int bridge) {
    this.node = node;
    this.kernel = kernel;
    this.bridge = bridge;
  }

  static VethContender create() throws IOException, InterruptedException {
    LabNamespace node = LabNamespace.create("veth");
    try {
      node.run("ip", "link", "add", BRIDGE, "up", "type", "bridge");
      RouteKernel kernel = node.call(RouteSocket::open);
      Link bridge = kernel.link(BRIDGE);
      if (bridge == null) {
        kernel.close();
        throw new IOException("the bridge of a floor vanished");
      }
      return new VethContender(node, kernel, bridge.index());
    } catch (IOException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "floor: one rtnetlink message, a veth pair";
  }

  @Override
  public LabNamespace node() {
    return node;
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    try (NetworkNamespace namespace = NetworkNamespace.open(pod.namespace().path())) {
      LinkSettings host = LinkSettings.NONE.withMtu(MTU).withMaster(bridge).withUp(true);
      LinkSettings peer = LinkSettings.NONE.withMtu(MTU).withNamespace(namespace.descriptor());
      List<RouteOperation> creation =
          List.of(new RouteOperation.AddVethPair(link(pod), host, "eth0", peer));
      execution.time(() -> kernel.applyAll(creation));
    }
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    List<RouteOperation> deletion =
        List.of(new RouteOperation.DeleteLink(LinkSelector.of(link(pod))));
    execution.time(() -> kernel.applyAll(deletion));
  }

  private static String link(BenchPod pod) {
    return "veth" + pod.number();
  }

  @Override
  public void close() {
    kernel.close();
    node.close();
  }
}
