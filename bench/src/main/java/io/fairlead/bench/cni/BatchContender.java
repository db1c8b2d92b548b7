package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The floor: the same links, address and route through two calls of {@code ip -batch}, without
 * protocol, leases or masquerade. Less than this no plugin that is a process can cost by much.
 */
final class BatchContender implements Contender {

  private final LabNamespace node;

  private BatchContender(LabNamespace node) {
    this.node = node;
  }

  static BatchContender create() throws IOException, InterruptedException {
    LabNamespace node = LabNamespace.create("batch");
    try {
      node.run("ip", "link", "add", "br0", "type", "bridge");
      node.run("ip", "address", "add", "10.244.9.1/24", "dev", "br0");
      node.run("ip", "link", "set", "br0", "up");
      return new BatchContender(node);
    } catch (IOException | InterruptedException e) {
      node.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "floor: ip -batch";
  }

  @Override
  public LabNamespace node() {
    return node;
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    batch(
        node,
        execution,
        """
        link add veth%1$d type veth peer name eth0 netns %2$s
        link set veth%1$d master br0 up
        """
            .formatted(pod.number(), pod.path()));
    batch(
        pod.namespace(),
        execution,
        """
        address add 10.244.9.%d/24 dev eth0
        link set eth0 up
        route add default via 10.244.9.1
        """
            .formatted(pod.number() + 2));
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    batch(node, execution, "link delete veth" + pod.number() + "\n");
  }

  private static void batch(LabNamespace namespace, Execution execution, String lines)
      throws IOException, InterruptedException {
    execution.run(namespace, List.of("ip", "-batch", "-"), Map.of(), lines);
  }

  @Override
  public void close() {
    node.close();
  }
}
