package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static io.fairlead.nftables.policy.PolicyLab.reaches;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.nftables.hostport.Forwards;
import io.fairlead.nftables.hostport.HostPortSettings;
import io.fairlead.nftables.hostport.NftablesHostPorts;
import io.fairlead.nftables.hostport.PortOwner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Policies see the client's own address, and the pod's, behind a host port. */
class HostPortPolicyKernelTest {

  @Test
  @DisplayName("A policy holds for clients of a host port, by their own addresses (pod-network 37)")
  void clientsAreKnown() throws Exception {
    try (PolicyLab lab = PolicyLab.create();
        NfTablesSocket policyKernel = lab.node.call(NfTablesSocket::open);
        NfTablesSocket portKernel = lab.node.call(NfTablesSocket::open)) {
      new NftablesHostPorts(portKernel, new HostPortSettings("br0", true), (removed, added) -> {})
          .restore(
              Map.of(
                  new PortOwner("net/c2/eth0", "default/pod-2"),
                  Forwards.of(Protocol.TCP, 8080, 2)));
      Cluster cluster = new Cluster(policyKernel);
      cluster.namespace("default", "");
      for (int pod = 2; pod <= 4; pod++) {
        cluster.local("default/pod-" + pod, "pod=" + pod, "10.244.1." + pod, "fd00:244:1::" + pod);
      }
      cluster.policy(
          "default/two",
          "pod=2",
          List.of(peers(block("192.0.2.2/32"), block("2001:db8::2/128"), pods("pod=3"))),
          null);
      cluster.commit();

      for (String address : List.of("192.0.2.1", "2001:db8::1")) {
        assertThat(reaches(lab.outside, Protocol.TCP, address, 8080)).as(address).isTrue();
        assertThat(reaches(lab.pod(3), Protocol.TCP, address, 8080)).as(address).isTrue();
        assertThat(reaches(lab.pod(4), Protocol.TCP, address, 8080)).as(address).isFalse();
      }
      lab.outside.run("ip", "addr", "add", "192.0.2.9/24", "dev", "eth0");
      lab.outside.run("ip", "route", "add", "192.0.2.1", "dev", "eth0", "src", "192.0.2.9");
      assertThat(reaches(lab.outside, Protocol.TCP, "192.0.2.1", 8080)).isFalse();
    }
  }
}
