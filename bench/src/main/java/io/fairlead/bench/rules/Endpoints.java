package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.AddressServer;
import java.io.IOException;

/**
 * All endpoints that a population has and ever gets, as one namespace behind a node: it takes every
 * address of theirs for its own, and says which one a client has reached.
 */
final class Endpoints implements AutoCloseable {

  /** The addresses of endpoints, without the network of the pods on the node. */
  private static final String[] ADDRESSES = {"10.128.0.0/10", "10.192.0.0/11", "10.224.0.0/12"};

  private static final String DEVICE = "endpoints";
  private static final String NODE = "169.254.77.1";
  private static final String HERE = "169.254.77.2";

  private final LabNamespace namespace;
  private final AddressServer server;

  private Endpoints(LabNamespace namespace, AddressServer server) {
    this.namespace = namespace;
    this.server = server;
  }

  /** Connects them to a node, which gets a route to them. */
  static Endpoints behind(LabNamespace node) throws IOException, InterruptedException {
    LabNamespace made = LabNamespace.create("endpoints");
    try {
      link(node, made, DEVICE);
      node.run("ip", "address", "add", NODE + "/30", "dev", DEVICE);
      made.run("ip", "address", "add", HERE + "/30", "dev", "eth0");
      made.run("ip", "route", "add", "default", "via", NODE);
      for (String addresses : ADDRESSES) {
        node.run("ip", "route", "add", addresses, "via", HERE);
        made.run("ip", "route", "add", "local", addresses, "dev", "lo");
      }
      return new Endpoints(made, AddressServer.start(made, Population.ENDPOINT_PORT));
    } catch (IOException | InterruptedException e) {
      made.close();
      throw e;
    }
  }

  /** A cable from a device of the node to eth0 of the other namespace. */
  static void link(LabNamespace node, LabNamespace other, String device)
      throws IOException, InterruptedException {
    String path = other.path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", path);
    node.run("ip", "link", "set", device, "up");
    other.run("ip", "link", "set", "eth0", "up");
  }

  @Override
  public void close() {
    server.close();
    namespace.close();
  }
}
