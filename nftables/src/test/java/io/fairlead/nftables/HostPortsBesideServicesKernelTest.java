package io.fairlead.nftables;

import static io.fairlead.nftables.BridgeLab.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.nftables.hostport.Forwards;
import io.fairlead.nftables.hostport.HostPortSettings;
import io.fairlead.nftables.hostport.NftablesHostPorts;
import io.fairlead.nftables.hostport.PortOwner;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A host port beside a node port of the same number: Services win (pod-network 37). */
class HostPortsBesideServicesKernelTest {

  private BridgeLab lab;
  private NfTablesSocket kernel;
  private NfTablesSocket services;

  @BeforeEach
  void open() throws Exception {
    lab = BridgeLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    services = lab.node.call(NfTablesSocket::open);
    new NftablesHostPorts(
            kernel, new HostPortSettings(BridgeLab.BRIDGE, true), (removed, added) -> {})
        .restore(
            Map.of(
                new PortOwner("net/c2/eth0", "default/pod-2"), Forwards.of(Protocol.TCP, 8080, 2)));
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    services.close();
    lab.close();
  }

  private void assertServedBy(String pod) throws Exception {
    assertThat(ask(lab.outside, Protocol.TCP, "192.0.2.1", 8080)).startsWith(pod + " ");
    assertThat(ask(lab.pod(4), Protocol.TCP, "192.0.2.1", 8080)).startsWith(pod + " ");
    assertThat(ask(lab.node, Protocol.TCP, "192.0.2.1", 8080)).startsWith(pod + " ");
  }

  @Test
  @DisplayName(
      "In mode nftables the node port wins while its Service has endpoints (pod-network 37)")
  void nftables() throws Exception {
    ServiceTable table = new ServiceTable(services);
    table.update(
        Samples.key("web"),
        SampleService.ipv4("web").cluster("10.244.1.3:80").nodePort(8080, Reach.CLUSTER).build());
    table.commit();
    assertServedBy("pod3");
    assertThat(ask(lab.node, Protocol.TCP, "127.0.0.1", 8080))
        .as("where no node port is")
        .startsWith("pod2 ");

    table.update(
        Samples.key("web"), SampleService.ipv4("web").nodePort(8080, Reach.CLUSTER).build());
    table.commit();
    assertServedBy("pod2");
    table.update(Samples.key("web"), Optional.empty());
    table.commit();
    assertServedBy("pod2");
  }

  @Test
  @DisplayName(
      "Rules of iptables come first, too: those of Services in mode iptables (pod-network 37)")
  void iptables() throws Exception {
    for (String chain : new String[] {"PREROUTING", "OUTPUT"}) {
      String rule =
          "iptables-nft -t nat -A "
              + chain
              + " -p tcp -m addrtype --dst-type LOCAL --dport 8080 -j DNAT --to 10.244.1.3:80";
      lab.node.run(rule.split(" "));
    }
    assertServedBy("pod3");
    lab.node.run("iptables-nft", "-t", "nat", "-F");
    assertServedBy("pod2");
  }
}
