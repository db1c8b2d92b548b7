package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A node with a pod (10.244.1.2, fd00:244:1::2) and an outside (192.0.2.2, 2001:db8::2), both at
 * the other end of a veth. The service CIDRs are routed to the node, which calls all addresses in
 * them its own. On each of the three programs listen on all addresses at TCP and UDP port 8080.
 */
final class CompanionLab implements AutoCloseable {

  static final int PORT = 8080;

  /** In milliseconds. */
  private static final int PATIENCE = 4_000;

  final TestNamespace node;
  final TestNamespace pod;
  final TestNamespace outside;
  private final List<Closeable> servers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Thread> conversations = new CopyOnWriteArrayList<>();

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
    lab.serve(lab.node, "node");
    lab.serve(lab.pod, "pod");
    lab.serve(lab.outside, "outside");
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

  private void serve(TestNamespace namespace, String name) throws Exception {
    ServerSocket stream = namespace.call(() -> new ServerSocket(PORT));
    DatagramSocket datagrams = namespace.call(() -> new DatagramSocket(PORT));
    servers.add(stream);
    servers.add(datagrams);
    threads.add(Thread.ofPlatform().daemon().start(() -> accept(stream, name)));
    threads.add(Thread.ofPlatform().daemon().start(() -> echo(datagrams)));
  }

  /** Tells who answers and whom it sees asking, and then repeats what the client says. */
  private void accept(ServerSocket server, String name) {
    try {
      while (true) {
        Socket client = server.accept();
        client.setSoTimeout(PATIENCE);
        conversations.add(Thread.ofPlatform().daemon().start(() -> converse(client, name)));
      }
    } catch (IOException e) {
      closed(server.isClosed(), e);
    }
  }

  private static void converse(Socket client, String name) {
    try (client) {
      String greeting = name + " " + client.getInetAddress().getHostAddress() + "\n";
      client.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // The client is gone: nobody to talk to.
    }
  }

  /** A connection and the first line that came over it: "pod 192.0.2.2". */
  record Conversation(Socket socket, BufferedReader reader, String greeting)
      implements AutoCloseable {

    /** What the server says to that. */
    String say(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      return String.valueOf(reader.readLine());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  static Conversation converse(TestNamespace from, String address, int port) throws Exception {
    return from.call(() -> {
      Socket socket = new Socket();
      socket.setSoTimeout(PATIENCE);
      socket.connect(new InetSocketAddress(address, port), PATIENCE);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return new Conversation(socket, reader, String.valueOf(reader.readLine()));
    });
  }

  /** Who answers and whom it sees asking. */
  static String ask(TestNamespace from, String address, int port) throws Exception {
    try (Conversation conversation = converse(from, address, port)) {
      return conversation.greeting();
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
    threads.forEach(CompanionLab::join);
    conversations.forEach(CompanionLab::join);
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
