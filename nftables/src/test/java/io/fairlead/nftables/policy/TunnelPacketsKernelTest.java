package io.fairlead.nftables.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.TunnelPackets;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What carries pods' packets between nodes passes by conntrack; what looks like it does not. */
@Timeout(60)
class TunnelPacketsKernelTest {

  private static final int PORT = 8472;
  private static final String NODE = "192.0.2.1";
  private static final String OUTSIDE = "192.0.2.2";

  /** With the network identifier 4097. */
  private static final String VXLAN = "0800000000100100";

  private static final String OTHER_NETWORK = "0800000000100200";
  private static final String SOMETHING = "01";
  private static final String SILENCE = "silence";
  private static final int PATIENCE_MILLIS = 500;

  private PolicyLab lab;
  private NfTablesSocket policyKernel;
  private NfTablesSocket serviceKernel;
  private DatagramSocket node;
  private DatagramSocket outside;

  @BeforeEach
  void open() throws Exception {
    lab = PolicyLab.create();
    policyKernel = lab.node.call(NfTablesSocket::open);
    serviceKernel = lab.node.call(NfTablesSocket::open);
    List<Cidr> pods = Cluster.SETTINGS.podNetworks();
    NodeNetwork network =
        new NodeNetwork(
            pods, List.of(), List.of(), true, true, new TunnelPackets(PORT, 4097, "br0"));
    new NftablesServices(serviceKernel, new AddressClaims(), network, ServiceSettings.ofPods(pods))
        .commit();
    Cluster cluster = new Cluster(policyKernel);
    cluster.table.settings(new PolicySettings(pods, 100, 10, "br0", PORT));
    cluster.namespace("default", "");
    for (int pod = 2; pod <= 4; pod++) {
      cluster.local("default/pod-" + pod, "pod=" + pod, "10.244.1." + pod, "fd00:244:1::" + pod);
    }
    cluster.policy("default/two", "pod=2", null, List.of());
    cluster.commit();
    node = lab.node.call(() -> new DatagramSocket(PORT));
    outside = lab.outside.call(() -> new DatagramSocket(PORT));
  }

  @AfterEach
  void close() throws Exception {
    node.close();
    outside.close();
    policyKernel.close();
    serviceKernel.close();
    lab.close();
  }

  /** Sends a datagram; from whom it arrived, or that it did not. */
  private static String sent(TestNamespace from, String to, String payload, DatagramSocket server)
      throws Exception {
    byte[] bytes = HexFormat.of().parseHex(payload);
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(to), PORT));
    }
    server.setSoTimeout(PATIENCE_MILLIS);
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    try {
      server.receive(packet);
      return packet.getAddress().getHostAddress();
    } catch (SocketTimeoutException e) {
      return SILENCE;
    }
  }

  private String tracked() {
    return lab.node.run("conntrack", "-L", "-p", "udp", "--orig-port-dst", "" + PORT);
  }

  @Test
  @DisplayName("what nodes send each other by VXLAN is not tracked, anything else at the port is")
  void nodes() throws Exception {
    assertThat(sent(lab.node, OUTSIDE, VXLAN, outside)).isEqualTo(NODE);
    assertThat(sent(lab.outside, NODE, VXLAN, node)).isEqualTo(OUTSIDE);
    assertThat(tracked()).isEmpty();
    assertThat(sent(lab.node, OUTSIDE, SOMETHING, outside)).isEqualTo(NODE);
    assertThat(sent(lab.node, OUTSIDE, OTHER_NETWORK, outside)).isEqualTo(NODE);
    assertThat(sent(lab.outside, NODE, SOMETHING, node)).isEqualTo(OUTSIDE);
    assertThat(tracked()).hasLineCount(3);
  }

  @Test
  @DisplayName("what a pod makes up to look like it is masqueraded, and denied by its policies")
  void pods() throws Exception {
    assertThat(sent(lab.pod(3), OUTSIDE, VXLAN, outside)).isEqualTo(NODE);
    assertThat(sent(lab.pod(3), NODE, VXLAN, node)).isEqualTo("10.244.1.3");
    assertThat(tracked()).hasLineCount(2);
    assertThat(sent(lab.pod(2), OUTSIDE, VXLAN, outside)).isEqualTo(SILENCE);
    assertThat(sent(lab.pod(2), NODE, VXLAN, node)).isEqualTo(SILENCE);
  }
}
