package io.fairlead.nftables.hostport;

import static io.fairlead.nftables.BridgeLab.SILENCE;
import static io.fairlead.nftables.BridgeLab.ask;
import static io.fairlead.nftables.hostport.Forwards.both;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.BridgeLab;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Host ports with packets: every kind of client, address and protocol. */
class HostPortPacketsKernelTest {

  private static final Set<Protocol> PROTOCOLS = Set.of(Protocol.TCP, Protocol.UDP);
  private static final PortOwner POD_2 = new PortOwner("net/c2/eth0", "default/pod-2");
  private static final PortOwner POD_3 = new PortOwner("net/c3/eth0", "default/pod-3");

  private final OpenDescriptors before = OpenDescriptors.now();
  private BridgeLab lab;
  private NfTablesSocket kernel;
  private DatagramCleaner cleaner;
  private NftablesHostPorts ports;

  @BeforeEach
  void open() throws Exception {
    lab = BridgeLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    cleaner =
        lab.node.call(() ->
            DatagramCleaner.open(failure -> {
              throw new IllegalStateException(failure);
            }));
    ports = new NftablesHostPorts(kernel, new HostPortSettings(BridgeLab.BRIDGE, true), cleaner);
    ports.restore(Map.of());
  }

  @AfterEach
  void close() throws Exception {
    cleaner.close();
    kernel.close();
    lab.close();
    before.assertNoneAdded();
  }

  @Test
  @DisplayName(
      "Every client is served at every address of the node, and stays known (pod-network 37)")
  void everyClient() throws Exception {
    ports.add(POD_2, both("", 8080, 2));

    for (Protocol protocol : PROTOCOLS) {
      assertThat(ask(lab.outside, protocol, "192.0.2.1", 8080)).isEqualTo("pod2 192.0.2.2");
      assertThat(ask(lab.outside, protocol, "2001:db8::1", 8080))
          .isEqualTo("pod2 2001:db8:0:0:0:0:0:2");
      for (String address : List.of("192.0.2.1", "10.244.1.1")) {
        assertThat(ask(lab.node, protocol, address, 8080)).isEqualTo("pod2 " + address);
        assertThat(ask(lab.pod(3), protocol, address, 8080)).isEqualTo("pod2 10.244.1.3");
      }
      assertThat(ask(lab.node, protocol, "2001:db8::1", 8080))
          .isEqualTo("pod2 2001:db8:0:0:0:0:0:1");
      assertThat(ask(lab.pod(3), protocol, "2001:db8::1", 8080))
          .isEqualTo("pod2 fd00:244:1:0:0:0:0:3");
      assertThat(ask(lab.outside, protocol, "192.0.2.1", 8081)).isEqualTo("refused");
    }
  }

  @Test
  @DisplayName("A pod reaches itself through its own host port, masqueraded (pod-network 32)")
  void hairpin() throws Exception {
    ports.add(POD_2, both("", 8080, 2));

    for (Protocol protocol : PROTOCOLS) {
      assertThat(ask(lab.pod(2), protocol, "192.0.2.1", 8080)).isEqualTo("pod2 10.244.1.1");
      assertThat(ask(lab.pod(2), protocol, "2001:db8::1", 8080))
          .isEqualTo("pod2 fd00:244:1:0:0:0:0:1");
    }
  }

  @Test
  @DisplayName("Programs of the node reach it at 127.0.0.1; not at ::1 (pod-network 37)")
  void loopback() throws Exception {
    ports.add(POD_2, both("", 8080, 2));
    ports.add(POD_3, both("127.0.0.1", 9090, 3));

    for (Protocol protocol : PROTOCOLS) {
      assertThat(ask(lab.node, protocol, "127.0.0.1", 8080)).isEqualTo("pod2 10.244.1.1");
      assertThat(ask(lab.node, protocol, "127.0.0.1", 9090)).isEqualTo("pod3 10.244.1.1");
      assertThat(ask(lab.node, protocol, "::1", 8080)).isEqualTo("refused");
      assertThat(ask(lab.outside, protocol, "192.0.2.1", 9090)).isEqualTo("refused");
    }
  }

  @Test
  @DisplayName(
      "The node's loopback stays closed to pods though the bridge routes it (pod-network 37)")
  void loopbackIsProtected() throws Exception {
    TestNamespace pod = lab.pod(2);
    pod.run("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
    pod.run("ip", "addr", "flush", "dev", "lo");
    pod.run("ip", "route", "add", "127.0.0.0/8", "via", "10.244.1.1", "dev", "eth0");
    try (DatagramSocket server = lab.node.call(() -> new DatagramSocket(7070))) {
      assertThat(ask(pod, Protocol.UDP, "127.0.0.1", 7070)).isEqualTo(SILENCE);
      assertThat(ask(pod, Protocol.TCP, "127.0.0.1", 7070)).isEqualTo(SILENCE);
      assertThat(BridgeLab.hears(server)).isFalse();
      assertThat(lab.node.run("nft", "list", "counter", "inet", "fairlead-host-ports", "loopback"))
          .doesNotContain("packets 0 ");
      // Where nobody stops them, this pod's packets get there.
      lab.node.run("nft", "delete", "table", "inet", "fairlead-host-ports");
      assertThat(ask(pod, Protocol.UDP, "127.0.0.1", 7070)).isEqualTo(SILENCE);
      assertThat(BridgeLab.hears(server)).isTrue();
    }
  }

  @Test
  @DisplayName(
      "One address of the node, of either family; also one that comes later (pod-network 37)")
  void singleAddress() throws Exception {
    ports.add(POD_2, both("192.0.2.1", 8080, 2));
    ports.add(POD_3, both("2001:db8::1", 8080, 3));
    ports.add(new PortOwner("later", "default/later"), both("192.0.2.9", 8080, 4));

    for (Protocol protocol : PROTOCOLS) {
      assertThat(ask(lab.outside, protocol, "192.0.2.1", 8080)).startsWith("pod2 ");
      assertThat(ask(lab.outside, protocol, "2001:db8::1", 8080)).startsWith("pod3 ");
      assertThat(ask(lab.node, protocol, "10.244.1.1", 8080)).isEqualTo("refused");
    }
    lab.node.run("ip", "addr", "add", "192.0.2.9/24", "dev", "uplink");
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.9", 8080)).startsWith("pod4 ");
    ports.add(new PortOwner("all", "default/all"), both("", 8081, 4));
    lab.node.run("ip", "addr", "add", "192.0.2.10/24", "dev", "uplink");
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.10", 8081)).startsWith("pod4 ");
  }

  @Test
  @DisplayName(
      "A port that is taken is not given away, and is free after its owner left (pod-network 37)")
  void conflict() throws Exception {
    ports.add(POD_2, both("", 8080, 2));

    assertThatThrownBy(() -> ports.add(POD_3, both("192.0.2.1", 8080, 3)))
        .isInstanceOf(PortTakenException.class)
        .hasMessageContaining("default/pod-2")
        .hasMessageContaining("8080");
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.1", 8080)).startsWith("pod2 ");
    ports.remove(POD_2.key());
    ports.repair();
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.1", 8080)).isEqualTo("refused");
    ports.add(POD_3, both("192.0.2.1", 8080, 3));
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.1", 8080)).startsWith("pod3 ");
  }

  @Test
  @DisplayName(
      "A client that goes on sending datagrams finds the new pod, and no other flow breaks (pod-network 37)")
  void staleDatagrams() throws Exception {
    lab.serve(lab.node, "node", 8080);
    lab.serve(lab.outside, "outside", 8080);
    try (DatagramSocket client = datagrams(lab.outside, "192.0.2.1");
        DatagramSocket bystander = datagrams(lab.pod(4), "192.0.2.2")) {
      lab.outside.run("ip", "route", "add", "10.244.1.0/24", "via", "192.0.2.1");
      assertThat(ask(client)).startsWith("node ");
      assertThat(ask(bystander)).startsWith("outside ");
      String kept = flow("192.0.2.2", bystander);

      ports.add(POD_2, both("", 8080, 2));
      assertThat(eventually(client, "pod2 ")).startsWith("pod2 ");
      ports.remove(POD_2.key());
      ports.add(POD_3, both("", 8080, 3));
      assertThat(eventually(client, "pod3 ")).startsWith("pod3 ");
      ports.remove(POD_3.key());
      ports.repair();
      assertThat(eventually(client, "node ")).startsWith("node ");

      assertThat(flow("192.0.2.2", bystander)).isEqualTo(kept);
    }
  }

  private static DatagramSocket datagrams(TestNamespace from, String to) throws Exception {
    return from.call(() -> {
      DatagramSocket socket = new DatagramSocket();
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), 8080));
      return socket;
    });
  }

  /** The cleaning is not waited for by whoever adds or removes a host port. */
  private static String eventually(DatagramSocket client, String beginning) throws Exception {
    String answer = ask(client);
    for (int i = 0; i < 2000 && !answer.startsWith(beginning); i++) {
      Thread.sleep(10);
      answer = ask(client);
    }
    return answer;
  }

  /** The kernel's number of the flow to an address from the socket's port. */
  private String flow(String to, DatagramSocket socket) throws Exception {
    return lab.node.call(() -> {
      try (var flows = ConntrackSocket.open()) {
        StringBuilder found = new StringBuilder();
        flows.dump(
            ConntrackFilter.ALL,
            entry -> {
              if (entry.original().destination().equals(IpAddress.parse(to))
                  && entry
                      .original()
                      .key()
                      .toString()
                      .contains(" " + socket.getLocalPort() + " ")) {
                found.append(Integer.toUnsignedString(entry.id()));
              }
            });
        return found.toString();
      }
    });
  }
}
