package io.fairlead.bench.policy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.BulkServer;
import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.measure.LetterServer;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node with two pods on a bridge, the first of which connects to the second: what goes between
 * them passes the policies of a contender. Connections are tracked and invalid packets dropped on
 * every such node, as on any that masquerades. Not thread-safe.
 */
final class PathNode implements AutoCloseable {

  /** Where the server says a letter. */
  static final int LETTER_PORT = 7001;

  /** Where the server takes bulk. */
  static final int BULK_PORT = 7002;

  /** The numbers of the pods in the population. */
  static final int SERVER = 0;

  static final int CLIENT = 1;

  private static final String BASE =
      """
      table inet base {
        chain forward {
          type filter hook forward priority 0; policy accept;
          ct state invalid drop
        }
        chain postrouting {
          type nat hook postrouting priority 100; policy accept;
          ip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade
        }
      }
      """;

  private final LabNamespace node;
  private final List<LabNamespace> pods;
  private final @Nullable Contender contender;
  private final LetterServer letters;
  private final BulkServer bulk;
  private final InetAddress address;

  private PathNode(
      LabNamespace node,
      List<LabNamespace> pods,
      @Nullable Contender contender,
      LetterServer letters,
      BulkServer bulk,
      InetAddress address) {
    this.node = node;
    this.pods = pods;
    this.contender = contender;
    this.letters = letters;
    this.bulk = bulk;
    this.address = address;
  }

  /**
   * Makes it.
   *
   * @param entrant who enforces what the cluster says; null for nobody
   */
  static PathNode create(@Nullable Entrant entrant, ClusterObjects cluster)
      throws IOException, InterruptedException {
    List<LabNamespace> open = new ArrayList<>();
    try {
      for (String name : List.of("node", "server", "client")) {
        open.add(LabNamespace.create(name));
      }
      LabNamespace node = open.getFirst();
      List<LabNamespace> pods = List.copyOf(open.subList(1, open.size()));
      node.run("ip", "link", "add", "br0", "type", "bridge");
      node.run("ip", "address", "add", "10.244.1.1/24", "dev", "br0");
      node.run("ip", "link", "set", "br0", "up");
      String server = address(cluster.population(), SERVER);
      attach(node, pods.get(0), "pod-server", server);
      attach(node, pods.get(1), "pod-client", address(cluster.population(), CLIENT));
      node.run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1", "net.ipv4.ip_forward=1");
      new Program(node).run(BASE, "nft", "-f", "-");
      Contender contender = entrant == null ? null : entrant.open(node);
      if (contender != null) {
        contender.load(cluster);
      }
      return new PathNode(
          node,
          pods,
          contender,
          LetterServer.start(pods.get(0), LETTER_PORT, 's'),
          BulkServer.start(pods.get(0), BULK_PORT),
          InetAddress.ofLiteral(server));
    } catch (IOException | InterruptedException | RuntimeException e) {
      open.forEach(LabNamespace::close);
      throw e;
    }
  }

  private static String address(Population population, int pod) {
    return population.pod(pod).addresses().getFirst().toString();
  }

  private static void attach(LabNamespace node, LabNamespace pod, String device, String address)
      throws IOException, InterruptedException {
    String path = pod.path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", path);
    node.run("ip", "link", "set", device, "master", "br0", "up");
    pod.run("ip", "address", "add", address + "/24", "dev", "eth0");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
  }

  /** Makes connections, one after the other. */
  List<Connection> connect(int count) throws IOException, InterruptedException {
    return pods.get(1)
        .call(() -> {
          List<Connection> connections = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            connections.add(Connection.open(new InetSocketAddress(address, LETTER_PORT)));
          }
          return connections;
        });
  }

  /** Sends in bulk for some time, and returns bytes per second. */
  double send(long nanos) throws IOException, InterruptedException {
    return pods.get(1)
        .call(() -> BulkServer.send(new InetSocketAddress(address, BULK_PORT), nanos));
  }

  @Override
  public void close() {
    letters.close();
    bulk.close();
    if (contender != null) {
      contender.close();
    }
    node.close();
    pods.forEach(LabNamespace::close);
  }
}
