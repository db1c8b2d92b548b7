package io.fairlead.nftables.policy;

import static io.fairlead.dataplane.model.Protocol.TCP;
import static io.fairlead.dataplane.model.Protocol.UDP;
import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static io.fairlead.nftables.policy.PolicyLab.reaches;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Packets through the table, in namespaces. */
class PolicyPacketsKernelTest {

  private static final List<String> POD_3 = List.of("10.244.1.3", "fd00:244:1::3");
  private static final List<String> OUTSIDE = List.of("192.0.2.2", "2001:db8::2");
  private static final List<String> NODE =
      List.of("10.244.1.1", "fd00:244:1::1", "192.0.2.1", "2001:db8::1");

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private PolicyLab lab;
  private NfTablesSocket kernel;
  private Cluster cluster;

  @BeforeEach
  void open() throws Exception {
    lab = PolicyLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    cluster = new Cluster(kernel);
    cluster.namespace("default", "");
    for (int number = 2; number <= 4; number++) {
      cluster.local(
          "default/pod-" + number, "pod=" + number, "10.244.1." + number, "fd00:244:1::" + number);
    }
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  @Test
  void withoutPoliciesEverybodyReachesEverybody() throws Exception {
    cluster.commit();
    for (String address : POD_3) {
      assertThat(reaches(lab.pod(2), address)).as(address).isTrue();
      assertThat(reaches(lab.outside, address)).as(address).isTrue();
      assertThat(reaches(lab.node, address)).as(address).isTrue();
    }
    for (String address : OUTSIDE) {
      assertThat(reaches(lab.pod(2), address)).as(address).isTrue();
    }
  }

  @Test
  void podsOfOneBridgeAreJudgedInBothFamilies() throws Exception {
    cluster.policy(
        "default/three",
        "pod=3",
        List.of(new Rule(List.of(pods("pod=2")), List.of(Port.Range.of(TCP, 80)))),
        null);
    cluster.commit();
    for (String address : POD_3) {
      assertThat(reaches(lab.pod(2), TCP, address, 80)).as(address).isTrue();
      assertThat(reaches(lab.pod(2), TCP, address, 81)).as(address).isFalse();
      assertThat(reaches(lab.pod(2), UDP, address, 80)).as(address).isFalse();
      assertThat(reaches(lab.pod(4), TCP, address, 80)).as(address).isFalse();
      assertThat(reaches(lab.outside, TCP, address, 80)).as(address).isFalse();
    }
    assertThat(reaches(lab.pod(3), "10.244.1.4")).as("egress is free").isTrue();
    cluster.local("default/pod-4", "pod=2", "10.244.1.4", "fd00:244:1::4");
    cluster.commit();
    for (String address : POD_3) {
      assertThat(reaches(lab.pod(4), TCP, address, 80)).as(address).isTrue();
    }
    PolicyCounters counters = cluster.table.counters();
    var key = new PolicyCounters.Key(Cluster.key("default/three"), PolicyDirection.INGRESS);
    assertThat(counters.allowed()).containsEntry(key, 4L);
    assertThat(counters.denied().get(key)).isGreaterThanOrEqualTo(8);
    assertThat(counters.shutIn()).isZero();
  }

  @Test
  void blocksAndPortsOfWhatIsRouted() throws Exception {
    cluster.policy(
        "default/two",
        "pod=2",
        List.of(peers(block("192.0.2.0/24", "192.0.2.0/30"))),
        List.of(
            new Rule(
                List.of(block("192.0.2.0/24"), block("2001:db8::/32")),
                List.of(
                    Port.Range.of(TCP, 81),
                    new Port.Range(UDP, 70, 80),
                    new Port.Range(UDP, 75, 90)))));
    cluster.commit();
    for (String address : OUTSIDE) {
      assertThat(reaches(lab.pod(2), TCP, address, 80)).as(address).isFalse();
      assertThat(reaches(lab.pod(2), TCP, address, 81)).as(address).isTrue();
      assertThat(reaches(lab.pod(2), UDP, address, 80)).as(address).isTrue();
    }
    assertThat(reaches(lab.outside, "10.244.1.2")).as("excepted").isFalse();
    lab.outside.run("ip", "addr", "add", "192.0.2.9/24", "dev", "eth0");
    lab.outside.run("ip", "route", "replace", "10.244.1.2", "via", "192.0.2.1", "src", "192.0.2.9");
    assertThat(reaches(lab.outside, "10.244.1.2")).isTrue();
  }

  @Test
  @DisplayName("Probes of a pod's own node pass under deny-all (faults 32)")
  void thePodsOwnNode() throws Exception {
    cluster.policy("default/deny", "", List.of(), List.of());
    cluster.commit();
    for (String address : POD_3) {
      assertThat(reaches(lab.node, TCP, address, 80)).as(address).isTrue();
      assertThat(reaches(lab.node, UDP, address, 80)).as(address).isTrue();
      assertThat(pings(lab.node, address)).as(address).isTrue();
      assertThat(reaches(lab.outside, address)).as(address).isFalse();
    }
  }

  @Test
  void egressToThePodsOwnNodeIsJudged() throws Exception {
    cluster.policy("default/two", "pod=2", null, List.of());
    cluster.policy("default/three", "pod=3", null, List.of(peers(block("10.244.1.1/32"))));
    cluster.commit();
    for (String address : NODE) {
      assertThat(reaches(lab.pod(2), address)).as(address).isFalse();
      assertThat(reaches(lab.pod(4), address)).as(address).isTrue();
      assertThat(reaches(lab.pod(3), address)).as(address).isEqualTo(address.equals("10.244.1.1"));
      assertThat(reaches(lab.node, address)).as("%s from itself", address).isTrue();
      assertThat(pings(lab.node, address)).as("%s from itself", address).isTrue();
    }
  }

  @Test
  void whoIsNotLetInReachesNobodyAndIsReachedByItsNodeOnly() throws Exception {
    cluster.gone("default/pod-2");
    cluster.commit();
    for (String address : List.of("10.244.1.2", "fd00:244:1::2")) {
      assertThat(reaches(lab.pod(3), address)).as(address).isFalse();
      assertThat(reaches(lab.outside, address)).as(address).isFalse();
      assertThat(reaches(lab.node, address)).as(address).isTrue();
    }
    for (String address : List.of("10.244.1.3", "fd00:244:1::3", "192.0.2.2", "10.244.1.1")) {
      assertThat(reaches(lab.pod(2), address)).as(address).isFalse();
    }
    assertThat(cluster.table.counters().shutIn()).isGreaterThanOrEqualTo(8);
    cluster.local("default/pod-2", "pod=2", "10.244.1.2", "fd00:244:1::2");
    cluster.commit();
    assertThat(reaches(lab.pod(2), "fd00:244:1::3")).isTrue();
    assertThat(reaches(lab.pod(3), "10.244.1.2")).isTrue();
  }

  @Test
  @DisplayName("Nobody gets to an isolated pod's sockets by broadcast or multicast")
  void groupsAreNoWayAroundPolicies() throws Exception {
    cluster.policy("default/three", "pod=3", List.of(), null);
    cluster.commit();
    for (String broadcast : List.of("255.255.255.255", "10.244.1.255")) {
      assertThat(PolicyLab.answersOf(lab.pod(2), broadcast))
          .as(broadcast)
          .contains("10.244.1.1")
          .doesNotContain("10.244.1.3");
    }
    for (String group : List.of("239.1.2.3", "ff05::1:7")) {
      assertThat(PolicyLab.hears(lab.pod(3), "eth0", lab.pod(2), group)).as(group).isFalse();
      assertThat(PolicyLab.hears(lab.node, "br0", lab.pod(2), group))
          .as("node, %s", group)
          .isTrue();
    }
    assertThat(reaches(lab.pod(2), UDP, "fd00:244:1::4", 80)).as("neighbours").isTrue();
  }

  @Test
  void aPodReachesItselfThroughItsService() throws Exception {
    lab.node.run(
        "nft",
        """
        add table inet services;
        add chain inet services pre { type nat hook prerouting priority -100; };
        add chain inet services post { type nat hook postrouting priority 100; };
        add rule inet services pre ip daddr 10.96.0.10 dnat ip to 10.244.1.2;
        add rule inet services pre ip6 daddr fd00:96::a dnat ip6 to fd00:244:1::2;
        add rule inet services post ct status dnat ip saddr . ip daddr { 10.244.1.2 . 10.244.1.2 } masquerade;
        add rule inet services post ct status dnat ip6 saddr . ip6 daddr { fd00:244:1::2 . fd00:244:1::2 } masquerade;
        """);
    cluster.policy("default/deny", "", List.of(), List.of());
    cluster.commit();
    for (String address : List.of("10.96.0.10", "fd00:96::a")) {
      assertThat(reaches(lab.pod(2), address)).as(address).isTrue();
      assertThat(reaches(lab.pod(3), address)).as(address).isFalse();
    }
  }

  @Test
  @DisplayName("A Service's address is judged as its endpoint: no way around policies (faults 31)")
  void endpointsOfServices() throws Exception {
    lab.node.run(
        "nft",
        """
        add table inet services;
        add chain inet services pre { type nat hook prerouting priority -100; };
        add chain inet services post { type nat hook postrouting priority 100; };
        add rule inet services pre ip daddr 10.96.0.10 dnat ip to 10.244.1.3;
        add rule inet services post ct status dnat masquerade;
        """);
    cluster.policy("default/three", "pod=3", List.of(peers(pods("pod=2"))), null);
    cluster.commit();
    assertThat(reaches(lab.pod(2), "10.96.0.10")).isTrue();
    assertThat(reaches(lab.pod(4), "10.96.0.10")).isFalse();
    cluster.policy("default/two", "pod=2", null, List.of(peers(block("10.96.0.0/16"))));
    cluster.commit();
    assertThat(reaches(lab.pod(2), "10.96.0.10")).isFalse();
  }

  @Test
  void neighboursAreFoundUnderDenyAll() throws Exception {
    cluster.policy("default/deny", "", List.of(), List.of(peers(pods("pod=3"))));
    cluster.policy("default/three", "pod=3", List.of(peers(pods("pod=2"))), null);
    cluster.commit();
    for (int number = 2; number <= 4; number++) {
      lab.pod(number).run("ip", "neigh", "flush", "all");
    }
    lab.node.run("ip", "neigh", "flush", "all");
    assertThat(reaches(lab.pod(2), "fd00:244:1::3")).isTrue();
    assertThat(reaches(lab.node, "fd00:244:1::4")).isTrue();
    assertThat(reaches(lab.pod(2), "fd00:244:1::4")).isFalse();
  }

  @Test
  void linkLocalAddressesAreNoWayAround() throws Exception {
    cluster.commit();
    String pod3 = linkLocal(3);
    for (int i = 0; i < 2; i++) {
      assertThat(pings(lab.pod(2), pod3 + "%eth0")).isFalse();
      cluster.policy("default/deny", "", List.of(), List.of());
      cluster.commit();
    }
    assertThat(pings(lab.node, pod3 + "%br0")).as("the pod's own node").isTrue();
  }

  private static boolean pings(TestNamespace from, String address) {
    return from.tryRun("ping", "-c", "1", "-W", "1", address).exit() == 0;
  }

  private String linkLocal(int pod) {
    String text =
        lab.pod(pod).run("ip", "-6", "-o", "addr", "show", "dev", "eth0", "scope", "link");
    return text.replaceFirst("(?s).*inet6 (fe80[^/]*)/.*", "$1");
  }

  @Test
  void whatIsEstablishedGoesOn() throws Exception {
    cluster.commit();
    PolicyLab.Conversation conversation =
        lab.pod(2).call(() -> new PolicyLab.Conversation("fd00:244:1::3", 80));
    try (conversation) {
      cluster.policy("default/deny", "", List.of(), List.of());
      cluster.commit();
      assertThat(conversation.isAlive()).isTrue();
      assertThat(reaches(lab.pod(2), "fd00:244:1::3")).isFalse();
    }
  }

  @Test
  void namedPortsFollowTheirPods() throws Exception {
    cluster.policy(
        "default/two", "pod=2", null, List.of(new Rule(null, List.of(new Port.Named(TCP, "web")))));
    cluster.commit();
    assertThat(reaches(lab.pod(2), TCP, "10.244.1.3", 81)).as("nobody has the port").isFalse();
    cluster.pod(
        "default/pod-3",
        "pod=3",
        Cluster.NODE,
        List.of(new ContainerPort("web", TCP, 81)),
        "10.244.1.3",
        "fd00:244:1::3");
    cluster.commit();
    for (String address : POD_3) {
      assertThat(reaches(lab.pod(2), TCP, address, 81)).as(address).isTrue();
      assertThat(reaches(lab.pod(2), TCP, address, 80)).as(address).isFalse();
      assertThat(reaches(lab.pod(2), UDP, address, 81)).as(address).isFalse();
    }
    assertThat(reaches(lab.pod(2), TCP, "10.244.1.4", 81)).isFalse();
  }

  @Test
  @DisplayName("An SCTP rule isolates and matches nothing of TCP; port rules match no ICMP")
  void protocols() throws Exception {
    cluster.policy(
        "default/three",
        "pod=3",
        List.of(
            Cluster.ports(Port.Range.of(io.fairlead.dataplane.model.Protocol.SCTP, 80)),
            Cluster.ports(Port.Range.of(TCP, 81))),
        null);
    cluster.commit();
    assertThat(reaches(lab.pod(2), TCP, "10.244.1.3", 80)).isFalse();
    assertThat(reaches(lab.pod(2), TCP, "10.244.1.3", 81)).isTrue();
    assertThat(pings(lab.pod(2), "10.244.1.3")).isFalse();
    assertThat(pings(lab.pod(2), "fd00:244:1::3")).isFalse();
    cluster.policy("default/ping", "pod=3", List.of(peers(pods("pod=2"))), null);
    cluster.commit();
    assertThat(pings(lab.pod(2), "10.244.1.3")).isTrue();
    assertThat(pings(lab.pod(2), "fd00:244:1::3")).isTrue();
  }
}
