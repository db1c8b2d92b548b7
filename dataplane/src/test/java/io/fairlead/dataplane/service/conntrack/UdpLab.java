package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client and a node joined by a veth pair. The node has the endpoints' addresses itself; each
 * endpoint answers datagrams to port 5353, and a TCP connection's bytes, with its own address.
 */
final class UdpLab implements AutoCloseable {

  static final String VIP = "10.96.0.10";
  static final String VIP6 = "fd00:96::10";
  static final int NODE_PORT = 30053;
  private static final String NODE = "10.9.0.2";
  private static final String NODE6 = "fd00:9::2";

  /** A client's socket, which keeps its port, and so its flow, from question to question. */
  record Client(DatagramSocket socket, String address, int port) {
    boolean isIpv6() {
      return address.contains(":");
    }

    @Override
    public String toString() {
      return address + " port " + port;
    }
  }

  private final TestNamespace client;
  private final TestNamespace node;
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> servers = new ArrayList<>();
  private @Nullable Socket tcp;

  private UdpLab(TestNamespace client, TestNamespace node) {
    this.client = client;
    this.node = node;
    open.push(client::close);
    open.push(node::close);
  }

  static UdpLab create(List<String> endpoints) throws Exception {
    UdpLab lab = new UdpLab(TestNamespace.create("udp-client"), TestNamespace.create("udp-node"));
    lab.connect();
    for (String endpoint : endpoints) {
      lab.serve(endpoint);
    }
    lab.client(VIP, 53);
    lab.client(VIP6, 53);
    lab.client(NODE, NODE_PORT);
    lab.client(NODE6, NODE_PORT);
    return lab;
  }

  private void connect() {
    String peer = node.namespace().path().toString();
    client.run("ip", "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", peer);
    for (TestNamespace side : List.of(client, node)) {
      String host = side == client ? "1" : "2";
      side.run("ip", "link", "set", "eth0", "addrgenmode", "none", "up");
      side.run("ip", "addr", "add", "10.9.0." + host + "/24", "dev", "eth0");
      side.run("ip", "addr", "add", "fd00:9::" + host + "/64", "dev", "eth0", "nodad");
    }
    client.run("ip", "route", "add", "10.96.0.0/16", "via", NODE);
    client.run("ip", "route", "add", "fd00:96::/64", "via", NODE6);
    node.run("nft", "add table inet lab");
    node.run("nft", "add chain inet lab track { type filter hook input priority 0; }");
    node.run("nft", "add rule inet lab track ct state new counter");
    node.run("nft", "add chain inet lab nat { type nat hook prerouting priority -100; }");
  }

  private void serve(String endpoint) throws Exception {
    if (endpoint.contains(":")) {
      node.run("ip", "addr", "add", endpoint + "/128", "dev", "lo", "nodad");
    } else {
      node.run("ip", "addr", "add", endpoint + "/32", "dev", "lo");
    }
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(endpoint), 5353);
    DatagramSocket socket = node.call(() -> new DatagramSocket(at));
    open.push(socket);
    start(() -> answer(socket, endpoint));
    ServerSocket listener = node.call(() -> new ServerSocket(5353, 5, at.getAddress()));
    open.push(listener);
    start(() -> accept(listener, endpoint));
  }

  private void start(Runnable work) {
    // Virtual threads would open descriptors that outlive the lab.
    servers.add(Thread.ofPlatform().daemon().name("udp-lab").start(work));
  }

  private static void answer(DatagramSocket socket, String text) {
    byte[] answer = text.getBytes(StandardCharsets.US_ASCII);
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    try {
      while (true) {
        socket.receive(packet);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // The lab is closed.
    }
  }

  private static void accept(ServerSocket listener, String text) {
    try (Socket connection = listener.accept()) {
      while (connection.getInputStream().read() >= 0) {
        connection.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The lab is closed.
    }
  }

  private void client(String address, int port) throws Exception {
    DatagramSocket socket = client.call(() -> new DatagramSocket());
    open.push(socket);
    socket.connect(InetAddress.ofLiteral(address), port);
    clients.add(new Client(socket, address, port));
  }

  TestNamespace node() {
    return node;
  }

  List<Client> clients() {
    return clients;
  }

  String server(Client asking, String ipv4, String ipv6) {
    return asking.isIpv6() ? ipv6 : ipv4;
  }

  /** Sends new flows to these endpoints from now on; flows that exist stay where they are. */
  void rules(String endpoint, String endpoint6) throws IOException {
    Path rules = Files.createTempFile("udp-lab", ".nft");
    Files.writeString(
        rules,
        """
        flush chain inet lab nat
        table inet lab {
          chain nat {
            ip daddr %1$s meta l4proto { tcp, udp } th dport 53 dnat ip to %2$s:5353
            ip6 daddr %3$s meta l4proto { tcp, udp } th dport 53 dnat ip6 to [%4$s]:5353
            meta nfproto ipv4 udp dport 30053 dnat ip to %2$s:5353
            meta nfproto ipv6 udp dport 30053 dnat ip6 to [%4$s]:5353
          }
        }
        """
            .formatted(VIP, endpoint, VIP6, endpoint6));
    node.run("nft", "-f", rules.toString());
    Files.delete(rules);
  }

  /** Who answers, or "nobody". */
  String ask(Client asking) throws IOException {
    DatagramSocket socket = asking.socket();
    socket.setSoTimeout(5000);
    try {
      socket.send(new DatagramPacket(new byte[4], 4));
      DatagramPacket answer = new DatagramPacket(new byte[64], 64);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    } catch (PortUnreachableException | SocketTimeoutException e) {
      return "nobody";
    } catch (SocketException e) {
      throw new IOException("asking " + asking, e);
    }
  }

  /** Opens a TCP connection to port 53, and returns who answers. */
  String openTcp(String address) throws Exception {
    Socket socket = client.call(() -> new Socket(InetAddress.ofLiteral(address), 53));
    tcp = socket;
    open.push(socket);
    socket.setSoTimeout(5000);
    return askTcp();
  }

  /** Who answers on the TCP connection. */
  String askTcp() throws IOException {
    Socket socket = Objects.requireNonNull(tcp);
    socket.getOutputStream().write(1);
    StringBuilder text = new StringBuilder();
    for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
      text.append((char) c);
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    for (Thread server : servers) {
      try {
        server.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
