package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node between a pod (10.244.1.2) and another node (192.0.2.2), whose FORWARD chain drops. */
class NftForwardingKernelTest {

  private static final List<Cidr> PODS =
      List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32"));
  private static final String SOURCE =
      "-A FORWARD -s 10.244.0.0/16 -m comment --comment \"fairlead: pods\" -j ACCEPT";
  private static final String DESTINATION =
      "-A FORWARD -d 10.244.0.0/16 -m comment --comment \"fairlead: pods\" -j ACCEPT";

  private final OpenDescriptors before = OpenDescriptors.now();
  private TestNamespace node;
  private TestNamespace pod;
  private TestNamespace other;
  private ServerSocket server;
  private NfTablesSocket kernel;
  private NftForwarding forwarding;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    pod = TestNamespace.create("pod");
    other = TestNamespace.create("other");
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    connect(pod, "pod", "10.244.1.1", "10.244.1.2");
    connect(other, "uplink", "192.0.2.1", "192.0.2.2");
    server = other.call(() -> new ServerSocket(80));
    kernel = node.call(NfTablesSocket::open);
    forwarding = new NftForwarding(kernel);
  }

  private void connect(TestNamespace peer, String device, String here, String there) {
    String path = peer.namespace().path().toString();
    node.run("ip", "link", "add", device, "type", "veth", "peer", "eth0", "netns", path);
    node.run("ip", "addr", "add", here + "/24", "dev", device);
    node.run("ip", "link", "set", device, "up");
    peer.run("ip", "addr", "add", there + "/24", "dev", "eth0");
    peer.run("ip", "link", "set", "eth0", "up");
    peer.run("ip", "route", "add", "default", "via", here);
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    server.close();
    other.close();
    pod.close();
    node.close();
    before.assertNoneAdded();
  }

  private boolean reaches() throws Exception {
    return pod.call(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 80), 1_200);
        return true;
      } catch (SocketTimeoutException | java.net.NoRouteToHostException e) {
        return false;
      } catch (java.net.ConnectException e) {
        return false; // Refused by the node.
      }
    });
  }

  private List<String> rules() {
    return node.run("iptables-nft-save", "-t", "filter")
        .lines()
        .filter(line -> line.startsWith("-A FORWARD "))
        .toList();
  }

  @Test
  @DisplayName("Pods get through a FORWARD chain whose policy is DROP (pod-network 35)")
  void policyDrop() throws Exception {
    assertThat(forwarding.ensure(PODS)).isEmpty();
    assertThat(node.run("nft", "list", "ruleset")).isEmpty();
    node.run("iptables-nft", "-P", "FORWARD", "DROP");
    assertThat(reaches()).isFalse();

    assertThat(forwarding.ensure(PODS)).hasSize(2);
    assertThat(reaches()).isTrue();
    assertThat(rules()).containsExactly(SOURCE, DESTINATION);
    assertThat(forwarding.ensure(PODS)).isEmpty();

    node.run("iptables-nft", "-P", "FORWARD", "ACCEPT");
    assertThat(forwarding.ensure(PODS)).hasSize(2);
    assertThat(rules()).isEmpty();
  }

  @Test
  @DisplayName("What others drop stays dropped; only a last word comes too late (pod-network 35)")
  void othersRules() throws Exception {
    node.run("iptables-nft", "-A", "FORWARD", "-p", "udp", "-j", "DROP");
    node.run(
        "iptables-nft", "-A", "FORWARD", "-j", "REJECT", "--reject-with", "icmp-host-prohibited");
    assertThat(reaches()).isFalse();
    forwarding.ensure(PODS);
    assertThat(reaches()).isTrue();
    assertThat(rules())
        .containsExactly(
            "-A FORWARD -p udp -j DROP",
            SOURCE,
            DESTINATION,
            "-A FORWARD -j REJECT --reject-with icmp-host-prohibited");

    node.run("iptables-nft", "-I", "FORWARD", "-s", "10.244.1.2", "-j", "DROP");
    assertThat(forwarding.ensure(PODS)).isEmpty();
    assertThat(reaches()).isFalse();
    node.run("iptables-nft", "-D", "FORWARD", "1");
    node.run("iptables-nft", "-I", "FORWARD", "-j", "DROP");
    forwarding.ensure(PODS);
    assertThat(rules().subList(0, 3)).containsExactly(SOURCE, DESTINATION, "-A FORWARD -j DROP");
    assertThat(reaches()).isTrue();
  }

  @Test
  @DisplayName("A firewall's reload is noticed, and repaired (pod-network 35, 39)")
  void reload() throws Exception {
    node.run("iptables-nft", "-P", "FORWARD", "DROP");
    forwarding.ensure(PODS);
    CountDownLatch noticed = new CountDownLatch(1);
    try (TableWatch _ =
        node.call(() ->
            TableWatch.start(
                kernel,
                NftForwarding.TABLES.getFirst(),
                () -> {},
                sentence -> noticed.countDown()))) {
      node.run("iptables-nft", "-F", "FORWARD");
      assertThat(noticed.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(reaches()).isFalse();
    forwarding.ensure(PODS);
    assertThat(reaches()).isTrue();
  }

  @Test
  @DisplayName(
      "Cleanup leaves others' rules; gates that are not iptables' are told (pod-network 35)")
  void cleanupAndOtherGates() throws Exception {
    node.run("iptables-nft", "-P", "FORWARD", "DROP");
    node.run("iptables-nft", "-A", "FORWARD", "-p", "udp", "-j", "ACCEPT");
    forwarding.ensure(PODS);
    assertThat(forwarding.cleanup()).hasSize(2);
    assertThat(rules()).containsExactly("-A FORWARD -p udp -j ACCEPT");

    assertThat(forwarding.otherGates()).isEmpty();
    node.run("nft", "add table inet wall");
    node.run(
        "nft", "add chain inet wall gate { type filter hook forward priority 5; policy drop; }");
    assertThat(forwarding.otherGates()).containsExactly("inet wall gate");
    node.run("nft", "chain inet wall gate { policy accept; }");
    assertThat(forwarding.otherGates()).isEmpty();
    node.run("nft", "add rule inet wall gate counter reject with icmpx admin-prohibited");
    assertThat(forwarding.otherGates()).containsExactly("inet wall gate");
  }

  @Test
  @DisplayName("A legacy FORWARD chain that drops is recognised (pod-network 35)")
  void legacy() throws Exception {
    assertThat(node.call(() -> NftForwarding.isLegacyClosed(Place.HERE))).isFalse();
    node.run("iptables-legacy", "-P", "FORWARD", "DROP");
    assertThat(node.call(() -> NftForwarding.isLegacyClosed(Place.HERE))).isTrue();
  }
}
