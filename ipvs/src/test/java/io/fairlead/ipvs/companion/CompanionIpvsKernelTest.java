package io.fairlead.ipvs.companion;

import static io.fairlead.ipvs.companion.CompanionLab.Answer.REFUSED;
import static io.fairlead.ipvs.companion.CompanionLab.PORT;
import static io.fairlead.ipvs.companion.Samples.SETTINGS;
import static io.fairlead.ipvs.companion.Samples.clusterIp;
import static io.fairlead.ipvs.companion.Samples.local;
import static io.fairlead.ipvs.companion.Samples.refused;
import static io.fairlead.ipvs.companion.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Packets through the table and IPVS; skipped where the kernel has none. */
class CompanionIpvsKernelTest {

  private static final String POD = "10.244.1.2";
  private static final String POD6 = "fd00:244:1::2";
  private static final String OUTSIDE = "192.0.2.2";

  private CompanionLab lab;
  private IpvsSocket ipvs;
  private NfTablesSocket kernel;
  private CompanionTable table;
  private boolean ready;

  @BeforeEach
  void open() throws Exception {
    lab = CompanionLab.create();
    ipvs = openIpvs(lab);
    lab.node.run(
        "sysctl",
        "-qw",
        "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv4.vs.conntrack=1");
    kernel = lab.node.call(NfTablesSocket::open);
    table = new CompanionTable(kernel, SETTINGS);
    table.synchronize(Map.of(), Map.of());
    // TCP alone: the kernel's own MLD reports leave with a mark of theirs.
    lab.node.run(
        "nft",
        """
        table inet probe {
          chain left {
            type filter hook postrouting priority 200
            meta l4proto tcp meta mark != 0 counter
          }
        }
        """);
    ready = true;
  }

  private static IpvsSocket openIpvs(CompanionLab lab) throws Exception {
    try {
      return lab.node.call(IpvsSocket::open);
    } catch (MissingFamilyException e) {
      lab.close();
      return Assumptions.abort(e.getMessage());
    }
  }

  @AfterEach
  void close() throws Exception {
    if (ready) {
      assertThat(lab.node.run("nft", "list", "chain", "inet", "probe", "left"))
          .as("marks are cleared (services 34)")
          .contains("counter packets 0 ");
      ipvs.close();
      kernel.close();
      lab.close();
    }
  }

  private void treat(String address, AddressTreatment treatment) throws Exception {
    table.treat(tcp(address, 80), treatment);
    table.commitAdditions();
    table.commitRemovals();
  }

  private void serve(VirtualServerId id, String endpoint, int weight) throws Exception {
    RealServer real =
        new RealServer(IpAddress.parse(endpoint), PORT, ForwardingMethod.MASQUERADE, weight);
    assertThat(
            ipvs.apply(
                List.of(
                    new IpvsOperation.AddVirtualServer(new VirtualServer(id, "rr", Set.of(), 0)),
                    new IpvsOperation.AddRealServer(id, real))))
        .isEmpty();
  }

  private static VirtualServerId id(String address) {
    return new VirtualServerId.ByAddress(Protocol.TCP, IpAddress.parse(address), 80);
  }

  private static String ask(TestNamespace from, String address) throws Exception {
    return CompanionLab.ask(from, address, 80);
  }

  @Test
  @DisplayName("Clients other than pods are masqueraded at a cluster IP (services 27)")
  void clusterIps() throws Exception {
    treat("10.96.0.10", clusterIp());
    treat("10.96.0.11", clusterIp());
    treat("fd00:96::a", clusterIp());
    serve(id("10.96.0.10"), POD, 1);
    serve(id("10.96.0.11"), OUTSIDE, 1);
    serve(id("fd00:96::a"), POD6, 1);
    assertThat(ask(lab.outside, "10.96.0.10")).isEqualTo("pod 10.244.1.1");
    assertThat(ask(lab.node, "10.96.0.10")).isEqualTo("pod 10.244.1.1");
    assertThat(ask(lab.pod, "10.96.0.11")).isEqualTo("outside 10.244.1.2");
    assertThat(ask(lab.outside, "fd00:96::a")).isEqualTo("pod fd00:244:1:0:0:0:0:1");
    assertThat(ask(lab.node, "fd00:96::a")).startsWith("pod fd00:244:1:0:0:0:0:1");
    // Other ports of the address stay closed, also while IPVS serves one.
    assertThat(CompanionLab.tcp(lab.outside, "10.96.0.10", PORT)).isEqualTo(REFUSED);
    assertThat(CompanionLab.tcp(lab.node, "10.96.0.10", PORT)).isEqualTo(REFUSED);
  }

  @Test
  @DisplayName("A pod reaches itself through a Service (services 33)")
  void hairpin() throws Exception {
    table.hairpin(IpAddress.parse(POD), 1);
    table.hairpin(IpAddress.parse(POD6), 1);
    treat("10.96.0.10", clusterIp());
    treat("fd00:96::a", clusterIp());
    serve(id("10.96.0.10"), POD, 1);
    serve(id("fd00:96::a"), POD6, 1);
    assertThat(ask(lab.pod, "10.96.0.10")).isEqualTo("pod 10.244.1.1");
    assertThat(ask(lab.pod, "fd00:96::a")).isEqualTo("pod fd00:244:1:0:0:0:0:1");
  }

  @Test
  @DisplayName("With the policy Local clients inside have a server of their own (services 25, 26)")
  void insideMark() throws Exception {
    int mark = InsideMark.of(0x4001);
    treat("10.96.0.10", local(mark));
    treat("fd00:96::a", local(mark));
    serve(id("10.96.0.10"), POD, 1);
    serve(id("fd00:96::a"), POD6, 1);
    serve(new VirtualServerId.ByMark(IpAddress.parse(POD).family(), mark), OUTSIDE, 1);
    serve(new VirtualServerId.ByMark(IpAddress.parse(POD6).family(), mark), "2001:db8::2", 1);
    for (int i = 0; i < 3; i++) {
      assertThat(ask(lab.outside, "10.96.0.10")).isEqualTo("pod 192.0.2.2");
      assertThat(ask(lab.pod, "10.96.0.10")).isEqualTo("outside 10.244.1.2");
      assertThat(ask(lab.node, "10.96.0.10")).isEqualTo("outside 192.0.2.1");
      assertThat(ask(lab.outside, "fd00:96::a")).isEqualTo("pod 2001:db8:0:0:0:0:0:2");
      assertThat(ask(lab.pod, "fd00:96::a")).isEqualTo("outside fd00:244:1:0:0:0:0:2");
      assertThat(ask(lab.node, "fd00:96::a")).isEqualTo("outside 2001:db8:0:0:0:0:0:1");
    }
  }

  @Test
  @DisplayName("What is refused anew lives on where it is connected (services 53)")
  void draining() throws Exception {
    treat("10.96.0.10", clusterIp());
    serve(id("10.96.0.10"), POD, 1);
    try (var fromOutside = CompanionLab.converse(lab.outside, "10.96.0.10", 80);
        var fromNode = CompanionLab.converse(lab.node, "10.96.0.10", 80)) {
      treat("10.96.0.10", refused());
      for (int i = 0; i < 3; i++) {
        assertThat(fromOutside.say("still " + i)).isEqualTo("still " + i);
        assertThat(fromNode.say("there " + i)).isEqualTo("there " + i);
      }
      for (TestNamespace from : List.of(lab.pod, lab.outside, lab.node)) {
        assertThat(CompanionLab.tcp(from, "10.96.0.10", 80)).isEqualTo(REFUSED);
      }
    }
  }
}
