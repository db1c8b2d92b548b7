package io.fairlead.nftables;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A node with three pods on a bridge, as the CNI plugin attaches them, and an outside:
 *
 * <pre>
 *   pod 2, 3, 4 (10.244.1.N, fd00:244:1::N) -- fairlead0 -- node (192.0.2.1, 2001:db8::1) -- outside (.2)
 * </pre>
 *
 * Every pod answers at TCP and UDP port 80 with its name and the address that it was asked from.
 * The outside has no route to the pods, as anybody beyond a cluster.
 */
public final class BridgeLab implements AutoCloseable {

  public static final String BRIDGE = "fairlead0";
  public static final int POD_PORT = 80;
  public static final String SILENCE = "silence";

  /** Longer than a packet needs here, and than it waits when it is dropped. */
  private static final int PATIENCE_MILLIS = 1_500;

  public final TestNamespace node;
  public final TestNamespace outside;
  private final List<TestNamespace> pods = new ArrayList<>();
  private final NamedServers servers = new NamedServers();

  private BridgeLab() throws IOException {
    node = namespace("node");
    outside = namespace("outside");
  }

  private static TestNamespace namespace(String name) throws IOException {
    TestNamespace namespace = TestNamespace.create(name);
    namespace.run(
        "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0");
    return namespace;
  }

  public static BridgeLab create() throws Exception {
    BridgeLab lab = new BridgeLab();
    TestNamespace node = lab.node;
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    node.run("ip", "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0");
    node.run(
        "sysctl",
        "-qw",
        "net.bridge.bridge-nf-call-iptables=1",
        "net.bridge.bridge-nf-call-ip6tables=1",
        "net.ipv4.conf." + BRIDGE + ".route_localnet=1");
    node.run("ip", "addr", "add", "10.244.1.1/24", "dev", BRIDGE);
    node.run("ip", "addr", "add", "fd00:244:1::1/64", "dev", BRIDGE, "nodad");
    node.run("ip", "link", "set", BRIDGE, "up");
    lab.connectOutside();
    for (int number = 2; number <= 4; number++) {
      lab.addPod(number);
    }
    lab.awaitNeighbours();
    return lab;
  }

  public TestNamespace pod(int number) {
    return pods.get(number - 2);
  }

  private void connectOutside() throws Exception {
    String peer = outside.namespace().path().toString();
    node.run("ip", "link", "add", "uplink", "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "addr", "add", "192.0.2.1/24", "dev", "uplink");
    node.run("ip", "addr", "add", "2001:db8::1/64", "dev", "uplink", "nodad");
    node.run("ip", "link", "set", "uplink", "up");
    outside.run("ip", "addr", "add", "192.0.2.2/24", "dev", "eth0");
    outside.run("ip", "addr", "add", "2001:db8::2/64", "dev", "eth0", "nodad");
    outside.run("ip", "link", "set", "eth0", "up");
  }

  private void addPod(int number) throws Exception {
    TestNamespace pod = namespace("pod" + number);
    pods.add(pod);
    String peer = pod.namespace().path().toString();
    String device = "pod" + number;
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "link", "set", device, "master", BRIDGE, "up");
    node.run("ip", "link", "set", device, "type", "bridge_slave", "hairpin", "on");
    pod.run("ip", "addr", "add", "10.244.1." + number + "/24", "dev", "eth0");
    pod.run("ip", "addr", "add", "fd00:244:1::" + number + "/64", "dev", "eth0", "nodad");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
    pod.run("ip", "-6", "route", "add", "default", "via", "fd00:244:1::1");
    serve(pod, "pod" + number, POD_PORT);
  }

  /** A port of a bridge that has just come up may lose the first packets. */
  private void awaitNeighbours() throws Exception {
    for (int number = 2; number <= 4; number++) {
      for (String address : List.of("10.244.1." + number, "fd00:244:1::" + number)) {
        node.call(() -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), POD_PORT), 10_000);
            return socket.isConnected();
          }
        });
      }
    }
  }

  /** Answers "NAME address-of-who-asks" at a TCP and a UDP port. */
  public void serve(TestNamespace namespace, String name, int port) throws Exception {
    servers.serve(namespace, name, port);
  }

  /** Who answered and whom it saw asking, as "pod3 10.244.1.2"; or why nobody did. */
  public static String ask(TestNamespace from, Protocol protocol, String address, int port)
      throws Exception {
    return from.call(() -> {
      InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(address), port);
      try {
        return protocol == Protocol.TCP
            ? NamedServers.ask(target, PATIENCE_MILLIS)
            : askOnce(target);
      } catch (java.net.SocketTimeoutException e) {
        return SILENCE;
      } catch (java.net.ConnectException | java.net.PortUnreachableException e) {
        return "refused";
      }
    });
  }

  private static String askOnce(InetSocketAddress target) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(target);
      return ask(socket);
    }
  }

  /** Sends a datagram through a connected socket and waits for what comes back. */
  public static String ask(DatagramSocket socket) throws IOException {
    try {
      return NamedServers.ask(socket, PATIENCE_MILLIS);
    } catch (java.net.SocketTimeoutException e) {
      return SILENCE;
    } catch (java.net.PortUnreachableException e) {
      return "refused";
    }
  }

  /** Whether a datagram has arrived, or does in a moment. */
  public static boolean hears(DatagramSocket server) throws IOException {
    server.setSoTimeout(PATIENCE_MILLIS);
    try {
      server.receive(new DatagramPacket(new byte[64], 64));
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    servers.close();
    pods.forEach(TestNamespace::close);
    outside.close();
    node.close();
  }
}
