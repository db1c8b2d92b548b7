package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A node with a pod (10.244.1.2, fd00:244:1::2) and an outside (192.0.2.2, 2001:db8::2), both at
 * the other end of a veth. The service CIDRs are routed to the node, which calls all addresses in
 * them its own; there is no IPVS. On the node programs listen on all addresses at TCP and UDP port
 * 8080.
 */
final class CompanionLab implements AutoCloseable {

  static final int PORT = 8080;

  final TestNamespace node;
  final TestNamespace pod;
  final TestNamespace outside;
  private final List<Closeable> servers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private CompanionLab() throws IOException {
    node = TestNamespace.create("node");
    pod = TestNamespace.create("pod");
    outside = TestNamespace.create("outside");
  }

  static CompanionLab create() throws Exception {
    CompanionLab lab = new CompanionLab();
    lab.connect(lab.pod, "pod", "10.244.1.2", "10.244.1.1", "fd00:244:1::2", "fd00:244:1::1");
    lab.connect(lab.outside, "uplink", "192.0.2.2", "192.0.2.1", "2001:db8::2", "2001:db8::1");
    lab.node.run("ip", "route", "add", "local", "10.96.0.0/16", "dev", "lo", "src", "192.0.2.1");
    lab.node.run("ip", "-6", "route", "add", "local", "fd00:96::/112", "dev", "lo");
    lab.serve();
    return lab;
  }

  private void connect(
      TestNamespace other, String device, String its, String ours, String its6, String ours6) {
    String peer = other.namespace().path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", peer);
    node.run("ip", "addr", "add", ours + "/24", "dev", device);
    node.run("ip", "addr", "add", ours6 + "/64", "dev", device, "nodad");
    node.run("ip", "link", "set", device, "up");
    other.run("ip", "addr", "add", its + "/24", "dev", "eth0");
    other.run("ip", "addr", "add", its6 + "/64", "dev", "eth0", "nodad");
    other.run("ip", "link", "set", "eth0", "up");
    other.run("ip", "route", "add", "default", "via", ours);
    other.run("ip", "-6", "route", "add", "default", "via", ours6);
  }

  private void serve() throws Exception {
    ServerSocket stream = node.call(() -> new ServerSocket(PORT));
    DatagramSocket datagrams = node.call(() -> new DatagramSocket(PORT));
    servers.add(stream);
    servers.add(datagrams);
    threads.add(Thread.ofPlatform().daemon().start(() -> accept(stream)));
    threads.add(Thread.ofPlatform().daemon().start(() -> echo(datagrams)));
  }

  private static void accept(ServerSocket server) {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (IOException e) {
      closed(server.isClosed(), e);
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
      closed(server.isClosed(), e);
    }
  }

  private static void closed(boolean expected, IOException cause) {
    if (!expected) {
      throw new UncheckedIOException(cause);
    }
  }

  /** What a client meets. */
  enum Answer {
    CONNECTED,
    REFUSED,
    SILENCE
  }

  static Answer tcp(TestNamespace from, String address, int port) throws Exception {
    return from.call(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, port), 700);
        return Answer.CONNECTED;
      } catch (SocketTimeoutException e) {
        return Answer.SILENCE;
      } catch (ConnectException e) {
        return Answer.REFUSED;
      }
    });
  }

  /** Asks the server on the node over UDP. */
  static Answer udp(TestNamespace from, String address, int port) throws Exception {
    return from.call(() -> {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(700);
        socket.connect(InetAddress.getByName(address), port);
        socket.send(new DatagramPacket(new byte[] {1}, 1));
        socket.receive(new DatagramPacket(new byte[64], 64));
        return Answer.CONNECTED;
      } catch (SocketTimeoutException e) {
        return Answer.SILENCE;
      } catch (IOException e) {
        // Where the refusal comes before the packet has left, the send fails.
        return Answer.REFUSED;
      }
    });
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : servers) {
      server.close();
    }
    for (Thread thread : threads) {
      join(thread);
    }
    pod.close();
    outside.close();
    node.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
