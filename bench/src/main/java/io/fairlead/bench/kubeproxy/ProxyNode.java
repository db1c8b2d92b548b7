package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.LetterServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A node for one program that serves Services: its namespace forwards between a client and two
 * endpoints, which are in namespaces of their own. Nothing in it is any contender's. Not
 * thread-safe. Needs root.
 */
final class ProxyNode implements AutoCloseable {

  /** The endpoint that answers with 'a'. */
  static final String FIRST = "100.64.201.2";

  /** The endpoint that answers with 'b'. */
  static final String SECOND = "100.64.202.2";

  /** The node's address, as its Node has it where the API server is the double. */
  static final String ADDRESS = "192.168.88.11";

  private static final String CLIENT = "100.64.200.2";

  private final LabNamespace node;
  private final LabNamespace client;
  private final List<AutoCloseable> parts = new ArrayList<>();

  private ProxyNode(LabNamespace node, LabNamespace client) {
    this.node = node;
    this.client = client;
    parts.add(node);
    parts.add(client);
  }

  static ProxyNode create() throws IOException, InterruptedException {
    LabNamespace node = LabNamespace.create("node");
    ProxyNode made = new ProxyNode(node, LabNamespace.create("client"));
    try {
      node.run("ip", "address", "add", ADDRESS + "/32", "dev", "lo");
      // What no rule takes yet is refused at once, so that a client need not wait for it.
      node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0");
      made.connect(made.client, "client", CLIENT);
      made.serve("first", FIRST, 'a');
      made.serve("second", SECOND, 'b');
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void serve(String name, String address, char letter)
      throws IOException, InterruptedException {
    LabNamespace pod = LabNamespace.create(name);
    parts.add(pod);
    connect(pod, name, address);
    parts.add(LetterServer.start(pod, ProxyCluster.ENDPOINT_PORT, letter));
  }

  private void connect(LabNamespace pod, String device, String address)
      throws IOException, InterruptedException {
    String gateway = address.replaceFirst("2$", "1");
    String path = pod.path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", path);
    node.run("ip", "address", "add", gateway + "/24", "dev", device);
    node.run("ip", "link", "set", device, "up");
    pod.run("ip", "address", "add", address + "/24", "dev", "eth0");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", gateway);
  }

  /** Where the contender runs. */
  LabNamespace namespace() {
    return node;
  }

  LabNamespace client() {
    return client;
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a node failed", e);
      }
    }
  }
}
