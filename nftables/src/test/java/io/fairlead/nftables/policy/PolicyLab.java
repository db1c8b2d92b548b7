package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node with three pods on a bridge, as the CNI plugin attaches them, and an outside:
 *
 * <pre>
 *   pod 2, 3, 4 (10.244.1.N, fd00:244:1::N) -- br0 -- node (192.0.2.1, 2001:db8::1) -- outside (.2)
 * </pre>
 *
 * Every pod, the node and the outside answer at TCP and UDP ports 80 and 81.
 */
final class PolicyLab implements AutoCloseable {

  private static final int[] PORTS = {80, 81};

  /** Longer than a packet needs here, and than it waits when it is dropped. */
  private static final int PATIENCE_MILLIS = 400;

  final TestNamespace node;
  final TestNamespace outside;
  private final List<TestNamespace> pods = new ArrayList<>();
  private final List<Closeable> servers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private PolicyLab() throws IOException {
    node = namespace("node");
    outside = namespace("outside");
  }

  private static TestNamespace namespace(String name) throws IOException {
    TestNamespace namespace = TestNamespace.create(name);
    namespace.run(
        "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0");
    return namespace;
  }

  static PolicyLab create() throws Exception {
    PolicyLab lab = new PolicyLab();
    TestNamespace node = lab.node;
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    node.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0");
    node.run(
        "sysctl",
        "-qw",
        "net.bridge.bridge-nf-call-iptables=1",
        "net.bridge.bridge-nf-call-ip6tables=1");
    node.run("ip", "addr", "add", "10.244.1.1/24", "dev", "br0");
    node.run("ip", "addr", "add", "fd00:244:1::1/64", "dev", "br0", "nodad");
    node.run("ip", "link", "set", "br0", "up");
    lab.connectOutside();
    for (int number = 2; number <= 4; number++) {
      lab.addPod(number);
    }
    lab.serve(node);
    lab.awaitNeighbours();
    return lab;
  }

  TestNamespace pod(int number) {
    return pods.get(number - 2);
  }

  /** A port of a bridge that has just come up may lose the first packets. */
  private void awaitNeighbours() throws Exception {
    for (TestNamespace pod : pods) {
      for (String address : List.of("10.244.1.1", "fd00:244:1::1", "192.0.2.2", "2001:db8::2")) {
        pod.call(() -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 80), 5_000);
            return socket.isConnected();
          }
        });
      }
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
    outside.run("ip", "link", "set", "eth0", "up");
    outside.run("ip", "route", "add", "default", "via", "192.0.2.1");
    outside.run("ip", "-6", "route", "add", "default", "via", "2001:db8::1");
    serve(outside);
  }

  private void addPod(int number) throws Exception {
    TestNamespace pod = namespace("pod" + number);
    pods.add(pod);
    String peer = pod.namespace().path().toString();
    String device = "pod" + number;
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "link", "set", device, "master", "br0", "up");
    node.run("ip", "link", "set", device, "type", "bridge_slave", "hairpin", "on");
    pod.run("ip", "addr", "add", "10.244.1." + number + "/24", "dev", "eth0");
    pod.run("ip", "addr", "add", "fd00:244:1::" + number + "/64", "dev", "eth0", "nodad");
    pod.run("ip", "link", "set", "eth0", "up");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
    pod.run("ip", "-6", "route", "add", "default", "via", "fd00:244:1::1");
    serve(pod);
  }

  private void serve(TestNamespace namespace) throws Exception {
    for (int port : PORTS) {
      ServerSocket stream = namespace.call(() -> new ServerSocket(port));
      DatagramSocket datagrams = namespace.call(() -> new DatagramSocket(port));
      servers.add(stream);
      servers.add(datagrams);
      threads.add(Thread.ofPlatform().daemon().start(() -> echo(stream)));
      threads.add(Thread.ofPlatform().daemon().start(() -> echo(datagrams)));
    }
  }

  private static void echo(ServerSocket server) {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofPlatform().daemon().start(() -> echo(client));
      }
    } catch (IOException e) {
      expectClosed(server.isClosed(), e);
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // The client went away.
    }
  }

  private static void echo(DatagramSocket server) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        server.receive(packet);
        server.send(packet);
      }
    } catch (IOException e) {
      expectClosed(server.isClosed(), e);
    }
  }

  private static void expectClosed(boolean closed, IOException cause) {
    if (!closed) {
      throw new java.io.UncheckedIOException(cause);
    }
  }

  /** Whether somebody answers. */
  static boolean reaches(TestNamespace from, Protocol protocol, String address, int port)
      throws Exception {
    return from.call(() -> {
      try {
        return protocol == Protocol.TCP
            ? connects(address, port)
            : isAnswered(new InetSocketAddress(address, port));
      } catch (java.net.SocketTimeoutException e) {
        return false;
      }
    });
  }

  /** Whether somebody answers by TCP at port 80. */
  static boolean reaches(TestNamespace from, String address) throws Exception {
    return reaches(from, Protocol.TCP, address, 80);
  }

  private static boolean connects(String address, int port) throws IOException {
    try (Conversation conversation = new Conversation(address, port)) {
      return conversation.isAlive();
    }
  }

  /** The addresses of all who answer a datagram to UDP port 80 of a broadcast address. */
  static Set<String> answersOf(TestNamespace from, String broadcast) throws Exception {
    return from.call(() -> {
      Set<String> answers = new TreeSet<>();
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.send(new DatagramPacket(new byte[] {1}, 1, new InetSocketAddress(broadcast, 80)));
        while (true) {
          DatagramPacket answer = new DatagramPacket(new byte[64], 64);
          socket.receive(answer);
          answers.add(answer.getAddress().getHostAddress());
        }
      } catch (java.net.SocketTimeoutException e) {
        return answers;
      }
    });
  }

  /** Whether a socket that listens to a group on a link hears what a pod sends to it. */
  static boolean hears(TestNamespace listener, String link, TestNamespace pod, String group)
      throws Exception {
    InetSocketAddress target = new InetSocketAddress(group, 5000);
    DatagramSocket joined =
        listener.call(() -> {
          DatagramSocket socket = new DatagramSocket(target.getPort());
          socket.setSoTimeout(PATIENCE_MILLIS);
          socket.joinGroup(target, NetworkInterface.getByName(link));
          return socket;
        });
    try (joined) {
      pod.call(() -> {
        try (DatagramSocket socket = new DatagramSocket()) {
          socket.setOption(
              StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("eth0"));
          socket.send(new DatagramPacket(new byte[] {1}, 1, target));
          return true;
        }
      });
      joined.receive(new DatagramPacket(new byte[64], 64));
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  /** A TCP connection that can be asked whether it still is one. */
  static final class Conversation implements AutoCloseable {

    private final Socket socket = new Socket();

    Conversation(String address, int port) throws IOException {
      try {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }

    boolean isAlive() throws IOException {
      socket.getOutputStream().write(7);
      try {
        return socket.getInputStream().read() == 7;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static boolean isAnswered(InetSocketAddress address) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address);
      socket.send(new DatagramPacket(new byte[] {1}, 1));
      socket.receive(new DatagramPacket(new byte[64], 64));
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : servers) {
      server.close();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    pods.forEach(TestNamespace::close);
    outside.close();
    node.close();
  }
}
