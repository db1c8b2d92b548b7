package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.measure.LetterServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A node between a client and a server, in a namespace each: what crosses it goes through the rules
 * of a contender. Not thread-safe.
 */
final class ConnectNode implements AutoCloseable {

  private static final String SERVER = "10.244.2.2";

  private final Contender contender;
  private final LabNamespace client;
  private final LabNamespace pod;
  private final LetterServer server;
  private final InetSocketAddress service;

  private ConnectNode(
      Contender contender,
      LabNamespace client,
      LabNamespace pod,
      LetterServer server,
      InetSocketAddress service) {
    this.contender = contender;
    this.client = client;
    this.pod = pod;
    this.server = server;
    this.service = service;
  }

  /** Loads the population; the Service in its middle gets the server as its only endpoint. */
  static ConnectNode create(Entrant entrant, Population population)
      throws IOException, InterruptedException {
    LabNamespace client = LabNamespace.create("client");
    try {
      LabNamespace pod = LabNamespace.create("server");
      try {
        return create(entrant, population, client, pod);
      } catch (IOException | InterruptedException e) {
        pod.close();
        throw e;
      }
    } catch (IOException | InterruptedException e) {
      client.close();
      throw e;
    }
  }

  private static ConnectNode create(
      Entrant entrant, Population population, LabNamespace client, LabNamespace pod)
      throws IOException, InterruptedException {
    LabNamespace node = LabNamespace.create("node");
    // From here on the contender closes the namespace.
    Contender contender = entrant.open(node);
    try {
      attach(node, client, 1);
      attach(node, pod, 2);
      node.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
      int service = population.services() / 2;
      contender.load(population);
      contender.change(Change.of(Change.Kind.REPLACED, service, 0, List.of(SERVER)));
      return new ConnectNode(
          contender,
          client,
          pod,
          LetterServer.start(pod, Population.ENDPOINT_PORT, 's'),
          new InetSocketAddress(
              InetAddress.ofLiteral(Population.clusterIp(service)), Population.SERVICE_PORT));
    } catch (IOException | InterruptedException | RuntimeException e) {
      contender.close();
      throw e;
    }
  }

  /** Gives the pod 10.244.N.2, with the node as its gateway. */
  private static void attach(LabNamespace node, LabNamespace pod, int number)
      throws IOException, InterruptedException {
    String subnet = "10.244." + number + ".";
    String device = "pod" + number;
    node.run(
        "ip",
        "link",
        "add",
        device,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        pod.path().toString());
    node.run("ip", "address", "add", subnet + "1/24", "dev", device);
    node.run("ip", "link", "set", device, "up");
    pod.run("ip", "address", "add", subnet + "2/24", "dev", "eth0");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", subnet + "1");
  }

  String contender() {
    return contender.name();
  }

  /** Makes connections through the Service, one after the other. */
  List<Connection> connect(int count) throws IOException, InterruptedException {
    return client.call(() -> {
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        connections.add(Connection.open(service));
      }
      return connections;
    });
  }

  @Override
  public void close() {
    server.close();
    contender.close();
    client.close();
    pod.close();
  }
}
