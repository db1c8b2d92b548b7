package io.fairlead.nftables;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A node with three pods, each behind a routed veth, and an outside that knows only the node:
 *
 * <pre>
 *   pod 2, 3, 4 (10.244.1.N, fd00:244:1::N) -- node (192.0.2.1, 2001:db8::1) -- outside (.2, ::2)
 * </pre>
 *
 * The outside also plays a pod of another node, 10.244.2.2. Every pod and the outside answer at TCP
 * and UDP port 8080 with their name and the address that they were asked from.
 */
final class ServiceLab implements AutoCloseable {

  static final int PORT = 8080;

  /** Longer than a packet needs here, and than it waits when it is dropped. */
  private static final int PATIENCE_MILLIS = 1_000;

  final TestNamespace node;
  final TestNamespace outside;
  private final List<TestNamespace> pods = new ArrayList<>();
  private final NamedServers servers = new NamedServers();

  private ServiceLab() throws IOException {
    node = namespace("node");
    outside = namespace("outside");
  }

  /** A namespace whose IPv6 addresses can be used at once. */
  private static TestNamespace namespace(String name) throws IOException {
    TestNamespace namespace = TestNamespace.create(name);
    namespace.run(
        "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0");
    return namespace;
  }

  static ServiceLab create() throws Exception {
    ServiceLab lab = new ServiceLab();
    lab.node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    lab.connectOutside();
    for (int number = 2; number <= 4; number++) {
      lab.addPod(number);
    }
    lab.awaitNeighbours();
    return lab;
  }

  TestNamespace pod(int number) {
    return pods.get(number - 2);
  }

  /** A device that has just come up may miss the first question of who has its IPv6 address. */
  private void awaitNeighbours() throws Exception {
    for (String address :
        List.of("2001:db8::2", "fd00:244:1::2", "fd00:244:1::3", "fd00:244:1::4")) {
      node.call(() -> {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(address, PORT), 5_000);
          return socket.isConnected();
        }
      });
    }
  }

  private void connectOutside() throws Exception {
    String peer = outside.namespace().path().toString();
    node.run("ip", "link", "add", "uplink", "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "addr", "add", "192.0.2.1/24", "dev", "uplink");
    node.run("ip", "addr", "add", "2001:db8::1/64", "dev", "uplink", "nodad");
    node.run("ip", "link", "set", "uplink", "up");
    outside.run("ip", "addr", "add", "192.0.2.2/24", "dev", "eth0");
    outside.run("ip", "addr", "add", "2001:db8::2/64", "dev", "eth0", "nodad");
    outside.run("ip", "addr", "add", "10.244.2.2/32", "dev", "lo");
    outside.run("ip", "link", "set", "eth0", "up");
    outside.run("ip", "route", "add", "10.244.1.0/24", "via", "192.0.2.1");
    node.run("ip", "route", "add", "default", "via", "192.0.2.2");
    node.run("ip", "-6", "route", "add", "default", "via", "2001:db8::2");
    servers.serve(outside, "outside", PORT);
  }

  private void addPod(int number) throws Exception {
    TestNamespace pod = namespace("pod" + number);
    pods.add(pod);
    String peer = pod.namespace().path().toString();
    String device = "pod" + number;
    String address = "10.244.1." + number;
    String address6 = "fd00:244:1::" + number;
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "addr", "add", "10.244.1.1/32", "dev", device);
    node.run("ip", "addr", "add", "fd00:244:1::1/128", "dev", device, "nodad");
    node.run("ip", "link", "set", device, "up");
    node.run("ip", "route", "add", address, "dev", device);
    node.run("ip", "-6", "route", "add", address6, "dev", device);
    pod.run("ip", "addr", "add", address + "/32", "dev", "eth0");
    pod.run("ip", "addr", "add", address6 + "/128", "dev", "eth0", "nodad");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1", "dev", "eth0", "onlink");
    pod.run("ip", "-6", "route", "add", "fd00:244:1::1", "dev", "eth0");
    pod.run("ip", "-6", "route", "add", "default", "via", "fd00:244:1::1", "dev", "eth0");
    servers.serve(pod, "pod" + number, PORT);
  }

  /** Who answered and whom it saw asking: "pod3 10.244.1.2". */
  static String ask(TestNamespace from, Protocol protocol, String address, int port)
      throws Exception {
    return from.call(() -> {
      InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(address), port);
      if (protocol == Protocol.TCP) {
        return NamedServers.ask(target, PATIENCE_MILLIS);
      }
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(target);
        return NamedServers.ask(socket, PATIENCE_MILLIS);
      }
    });
  }

  @Override
  public void close() throws IOException {
    servers.close();
    pods.forEach(TestNamespace::close);
    outside.close();
    node.close();
  }
}
