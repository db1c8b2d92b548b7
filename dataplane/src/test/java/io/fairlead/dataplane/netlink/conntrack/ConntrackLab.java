package io.fairlead.dataplane.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A client and a server namespace joined by a veth pair. The server tracks connections, translates
 * a Service address to its own, marks that flow 0x2a and puts two ports into zones of their own.
 */
final class ConntrackLab implements AutoCloseable {

  private static final String RULES =
      """
      table inet lab {
        chain early {
          type filter hook prerouting priority -300;
          udp dport 7005 ct zone set 5
          udp dport 7006 ct original zone set 6
        }
        chain translate {
          type nat hook prerouting priority -100;
          ip daddr 10.96.0.10 udp dport 53 ct mark set 0x2a dnat ip to 10.9.0.2:5353
          ip6 daddr fd00:96::10 udp dport 53 ct mark set 0x2a dnat ip6 to [fd00:9::2]:5353
        }
        chain track {
          type filter hook input priority 0;
          ct state new counter
        }
      }
      """;

  private final TestNamespace client;
  private final TestNamespace server;
  private final Deque<Closeable> open = new ArrayDeque<>();

  private ConntrackLab(TestNamespace client, TestNamespace server) {
    this.client = client;
    this.server = server;
    open.push(client::close);
    open.push(server::close);
  }

  static ConntrackLab create() throws Exception {
    ConntrackLab lab =
        new ConntrackLab(
            TestNamespace.create("conntrack-client"), TestNamespace.create("conntrack-server"));
    lab.connect();
    return lab;
  }

  private void connect() throws Exception {
    String peer = server.namespace().path().toString();
    client.run("ip", "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", peer);
    for (TestNamespace side : List.of(client, server)) {
      String host = side == client ? "1" : "2";
      side.run("ip", "link", "set", "eth0", "addrgenmode", "none", "up");
      side.run("ip", "addr", "add", "10.9.0." + host + "/24", "dev", "eth0");
      side.run("ip", "addr", "add", "fd00:9::" + host + "/64", "dev", "eth0", "nodad");
    }
    client.run("ip", "route", "add", "10.96.0.0/16", "via", "10.9.0.2");
    client.run("ip", "route", "add", "fd00:96::/64", "via", "fd00:9::2");
    Path rules = Files.createTempFile("conntrack-lab", ".nft");
    Files.writeString(rules, RULES);
    server.run("nft", "-f", rules.toString());
    Files.delete(rules);
  }

  TestNamespace server() {
    return server;
  }

  IpAddress serverAddress(AddressFamily family) {
    return IpAddress.parse(family == AddressFamily.IPV4 ? "10.9.0.2" : "fd00:9::2");
  }

  TupleFilter toService(AddressFamily family) {
    return TupleFilter.to(
        IpAddress.parse(family == AddressFamily.IPV4 ? "10.96.0.10" : "fd00:96::10"), 53);
  }

  /** Filters of every kind the kernel knows, each of which some of the flows match. */
  List<ConntrackFilter> filters() {
    ConntrackFilter all = ConntrackFilter.ALL;
    TupleFilter fromServer = TupleFilter.from(serverAddress(AddressFamily.IPV6));
    return List.of(
        all,
        all.withFamily(AddressFamily.IPV6),
        all.withFamily(AddressFamily.IPV4).withProtocol(6),
        all.withProtocol(17).withOriginal(toService(AddressFamily.IPV6)),
        all.withOriginal(TupleFilter.to(serverAddress(AddressFamily.IPV4))),
        all.withOriginal(TupleFilter.from(IpAddress.parse("fd00:9::1"))),
        all.withReply(fromServer),
        all.withProtocol(17).withReply(TupleFilter.from(serverAddress(AddressFamily.IPV4), 5353)),
        all.withFamily(AddressFamily.IPV6).withProtocol(17).withOriginal(TupleFilter.toPort(7000)),
        all.withMark(0x2a, 0xff),
        all.withFamily(AddressFamily.IPV6).withMark(0x2a, 0xffffffff));
  }

  /** Makes flows of each kind in both families: UDP answered or not, TCP, ping. */
  void makeFlows() throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      String here = serverAddress(family).toString();
      String service = String.valueOf(toService(family).destination());
      udp(here, 5353, service, 53);
      udp(here, 7000, here, 7000);
      udp(here, 7005, here, 7005);
      udp(here, 7006, here, 7006);
      sendOnly(here, 7007);
      tcp(here);
      boolean answered = client.call(() -> InetAddress.ofLiteral(here).isReachable(5000));
      assertThat(answered).as("ping %s", here).isTrue();
    }
  }

  private void udp(String listen, int at, String to, int port) throws Exception {
    DatagramSocket server = server().call(() -> new DatagramSocket(address(listen, at)));
    open.push(server);
    DatagramSocket client = client();
    client.send(new DatagramPacket(new byte[4], 4, address(to, port)));
    DatagramPacket packet = new DatagramPacket(new byte[16], 16);
    server.setSoTimeout(5000);
    server.receive(packet);
    server.send(packet);
    client.setSoTimeout(5000);
    client.receive(packet);
  }

  private void sendOnly(String to, int port) throws Exception {
    DatagramSocket server = server().call(() -> new DatagramSocket(address(to, port)));
    open.push(server);
    client().send(new DatagramPacket(new byte[4], 4, address(to, port)));
    server.setSoTimeout(5000);
    server.receive(new DatagramPacket(new byte[16], 16));
  }

  private DatagramSocket client() throws Exception {
    DatagramSocket socket = client.call(() -> new DatagramSocket());
    open.push(socket);
    return socket;
  }

  private void tcp(String at) throws Exception {
    ServerSocket listener = server.call(() -> new ServerSocket(0, 5, InetAddress.ofLiteral(at)));
    open.push(listener);
    Socket socket = client.call(() -> new Socket(at, listener.getLocalPort()));
    open.push(socket);
    Socket accepted = listener.accept();
    open.push(accepted);
    // A byte each way: the handshake's last packet has arrived when it is read.
    socket.getOutputStream().write(1);
    assertThat(accepted.getInputStream().read()).isEqualTo(1);
    accepted.getOutputStream().write(2);
    assertThat(socket.getInputStream().read()).isEqualTo(2);
  }

  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  /** Puts {@code count} UDP entries into the server's table without sending a packet. */
  void insert(int count) throws IOException {
    Path script = Files.createTempFile("conntrack-lab", ".txt");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "-I -p udp -s 10.9.0.1 -d 10.9.0.2 --sport %d --dport 53 -t 300 -u SEEN_REPLY\n"
              .formatted(10000 + i));
    }
    Files.writeString(script, lines);
    server.run("conntrack", "--load-file", script.toString());
    Files.delete(script);
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
