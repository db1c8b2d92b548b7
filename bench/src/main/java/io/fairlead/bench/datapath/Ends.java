package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A client and a server, each in a namespace of its own, and how they are attached to a node. Not
 * thread-safe.
 */
final class Ends implements AutoCloseable {

  private static final Path SYSCTL = Path.of("/proc/sys/net/ipv4");

  private final LabNamespace client;
  private final LabNamespace server;

  private Ends(LabNamespace client, LabNamespace server) {
    this.client = client;
    this.server = server;
  }

  static Ends create() throws IOException, InterruptedException {
    LabNamespace client = LabNamespace.create("client");
    try {
      LabNamespace server = LabNamespace.create("server");
      try {
        withoutPacing(client);
        withoutPacing(server);
        return new Ends(client, server);
      } catch (IOException | InterruptedException e) {
        server.close();
        throw e;
      }
    } catch (IOException | InterruptedException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Has TCP of the namespace send as fast as the path takes it. Many machines have BBR, which
   * estimates a rate and keeps to it, so that it would be measured instead; Reno is what every
   * kernel has and every namespace may use.
   */
  static void withoutPacing(LabNamespace namespace) throws IOException, InterruptedException {
    namespace.call(() -> Files.writeString(SYSCTL.resolve("tcp_congestion_control"), "reno"));
  }

  LabNamespace client() {
    return client;
  }

  LabNamespace server() {
    return server;
  }

  /** Joins the two by a bridge of the node, which is their gateway. */
  void bridge(LabNamespace node, String clientAddress, String serverAddress)
      throws IOException, InterruptedException {
    node.run("ip", "link", "add", "br0", "type", "bridge");
    node.run("ip", "address", "add", "10.244.1.1/24", "dev", "br0");
    node.run("ip", "link", "set", "br0", "up");
    link(node, "pod-client", client);
    link(node, "pod-server", server);
    node.run("ip", "link", "set", "pod-client", "master", "br0", "up");
    node.run("ip", "link", "set", "pod-server", "master", "br0", "up");
    address(client, clientAddress, "10.244.1.1");
    address(server, serverAddress, "10.244.1.1");
  }

  /** Gives them 10.244.1.2 and 10.244.2.2, with the node as a router between them. */
  void route(LabNamespace node) throws IOException, InterruptedException {
    link(node, "pod-client", client);
    link(node, "pod-server", server);
    node.run("ip", "address", "add", "10.244.1.1/24", "dev", "pod-client");
    node.run("ip", "address", "add", "10.244.2.1/24", "dev", "pod-server");
    node.run("ip", "link", "set", "pod-client", "up");
    node.run("ip", "link", "set", "pod-server", "up");
    address(client, "10.244.1.2", "10.244.1.1");
    address(server, "10.244.2.2", "10.244.2.1");
    node.call(() -> Files.writeString(SYSCTL.resolve("ip_forward"), "1"));
  }

  private static void link(LabNamespace node, String device, LabNamespace end)
      throws IOException, InterruptedException {
    String path = end.path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", path);
  }

  private static void address(LabNamespace end, String address, String gateway)
      throws IOException, InterruptedException {
    end.run("ip", "address", "add", address + "/24", "dev", "eth0");
    end.run("ip", "link", "set", "eth0", "up");
    end.run("ip", "route", "add", "default", "via", gateway);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
