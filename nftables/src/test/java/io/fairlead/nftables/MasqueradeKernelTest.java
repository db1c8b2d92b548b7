package io.fairlead.nftables;

import static io.fairlead.nftables.BridgeLab.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which address of a pod others see, with packets, in the table that stays in every mode. */
class MasqueradeKernelTest {

  private static final List<Cidr> PODS =
      List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64"));
  private static final List<Cidr> CLUSTER =
      List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32"));

  private final OpenDescriptors before = OpenDescriptors.now();
  private BridgeLab lab;
  private NfTablesSocket kernel;

  @BeforeEach
  void open() throws Exception {
    lab = BridgeLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    lab.serve(lab.outside, "outside", 80);
    lab.outside.run("ip", "route", "add", "10.244.1.0/24", "via", "192.0.2.1");
    lab.outside.run("ip", "-6", "route", "add", "fd00:244:1::/64", "via", "2001:db8::1");
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    lab.close();
    before.assertNoneAdded();
  }

  private void start(List<Cidr> exceptions, boolean masquerade, boolean random) throws Exception {
    NftablesServices table =
        new NftablesServices(
            kernel,
            new AddressClaims(),
            new NodeNetwork(PODS, CLUSTER, exceptions, masquerade, random, null),
            ServiceSettings.ofPods(PODS));
    table.serve(false);
    table.commit();
  }

  private Set<String> seenOutside() throws Exception {
    return Set.of(
        ask(lab.pod(2), Protocol.TCP, "192.0.2.2", 80),
        ask(lab.pod(2), Protocol.UDP, "2001:db8::2", 80));
  }

  private static final Set<String> NODE =
      Set.of("outside 192.0.2.1", "outside 2001:db8:0:0:0:0:0:1");
  private static final Set<String> POD =
      Set.of("outside 10.244.1.2", "outside fd00:244:1:0:0:0:0:2");

  @Test
  @DisplayName("The outside sees the node, and excepted networks the pod (pod-network 40)")
  void exceptions() throws Exception {
    start(List.of(), true, true);
    assertThat(seenOutside()).isEqualTo(NODE);
    assertThat(rules()).contains("masquerade fully-random");
    assertThat(ask(lab.pod(2), Protocol.TCP, "10.244.1.3", 80)).isEqualTo("pod3 10.244.1.2");

    start(List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::/32")), true, true);
    assertThat(seenOutside()).isEqualTo(POD);

    start(List.of(Cidr.parse("198.51.100.0/24")), true, false);
    assertThat(seenOutside()).isEqualTo(NODE);
    assertThat(rules()).contains("masquerade").doesNotContain("fully-random");
  }

  @Test
  @DisplayName("Without masquerade everybody sees the pod")
  void disabled() throws Exception {
    start(List.of(), false, true);
    assertThat(seenOutside()).isEqualTo(POD);
  }

  private String rules() {
    return lab.node.run("nft", "list", "chain", "inet", "fairlead", "nat-postrouting");
  }

  @Test
  @DisplayName("A link-local address that the node routes sees the pod (pod-network 40)")
  void linkLocal() throws Exception {
    start(List.of(), true, true);
    lab.outside.run("ip", "addr", "add", "169.254.9.9/32", "dev", "eth0");
    lab.node.run("ip", "route", "add", "169.254.9.9", "dev", "uplink");

    assertThat(ask(lab.pod(2), Protocol.TCP, "169.254.9.9", 80)).isEqualTo("outside 10.244.1.2");
  }

  @Test
  @DisplayName("Groups and the limited broadcast on the bridge see the pod (pod-network 40)")
  void groups() throws Exception {
    start(List.of(), true, true);
    for (String group : List.of("224.0.0.251", "239.1.2.3", "255.255.255.255", "ff0e::fb")) {
      String pod = group.contains(":") ? "fd00:244:1:0:0:0:0:2" : "10.244.1.2";
      assertThat(heard(group)).as(group).startsWith(pod);
    }
  }

  /** From where pod 3 hears what pod 2 sends to a group. */
  private String heard(String group) throws Exception {
    InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(group), 5000);
    TestNamespace listening = lab.pod(3);
    try (DatagramSocket listener =
        listening.call(() -> {
          DatagramSocket socket = new DatagramSocket(target.getPort());
          socket.setSoTimeout(3_000);
          if (target.getAddress().isMulticastAddress()) {
            socket.joinGroup(target, NetworkInterface.getByName("eth0"));
          }
          return socket;
        })) {
      lab.pod(2)
          .call(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
              socket.setOption(
                  StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("eth0"));
              socket.send(new DatagramPacket(new byte[] {1}, 1, target));
              return true;
            }
          });
      DatagramPacket packet = new DatagramPacket(new byte[64], 64);
      listener.receive(packet);
      return packet.getAddress().getHostAddress();
    }
  }
}
