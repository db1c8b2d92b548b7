package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel is read to have of one pod, and how others' hands on it show. */
class PolicyEvidenceKernelTest {

  private static final String POD = "10.244.1.2";

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private NfTablesSocket kernel;
  private Cluster cluster;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    kernel = node.call(NfTablesSocket::open);
    cluster = new Cluster(kernel);
    cluster.namespace("default", "");
    cluster.local("default/web", "app=web", POD);
    cluster.local("default/free", "app=free", "10.244.1.9");
    cluster.remote("default/client", "app=client", "10.244.2.2");
    cluster.policy(
        "default/web",
        "app=web",
        List.of(peers(pods("app=client")), peers(block("192.0.2.0/24", "192.0.2.64/26"))),
        null);
    cluster.policy("default/deny", "app=web", List.of(), null);
    cluster.commit();
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private List<String> evidence(String pod, @Nullable String policy, @Nullable String peer)
      throws Exception {
    return cluster
        .table
        .evidence(
            IpAddress.parse(pod),
            PolicyDirection.INGRESS,
            policy == null ? null : Cluster.key(policy),
            peer == null ? null : IpAddress.parse(peer))
        .stream()
        .map(object -> object.state() + " " + object.place() + ": " + object.text())
        .map(line -> line.replaceAll("(pods|blocks)-[0-9a-z]{8,}", "$1-HASH"))
        .toList();
  }

  private List<String> changed(String pod, @Nullable String policy, @Nullable String peer)
      throws Exception {
    return evidence(pod, policy, peer).stream()
        .filter(line -> !line.startsWith("PRESENT"))
        .toList();
  }

  @Test
  void allThatJudgesAPodIsThereInTheOrderOfPackets() throws Exception {
    String table = " inet fairlead-policy ";
    String denial = "PRESENT chain" + table + "ingress-pods-HASH: ";
    assertThat(evidence(POD, "default/web", "10.244.2.2"))
        .contains(
            "PRESENT set" + table + "itself-ipv4: 10.244.1.2 . 10.244.1.2",
            denial + "jump ingress-default/web",
            denial + "counter name \"ingress-pods-HASH\" goto deny-ingress",
            "PRESENT set" + table + "pods-HASH-ipv4: 10.244.2.2",
            "PRESENT chain" + table + "deny-ingress: drop",
            "PRESENT set" + table + "admitted-ipv4: 10.244.1.2")
        .allMatch(line -> line.startsWith("PRESENT"))
        .noneMatch(line -> line.contains("chain" + table + "ingress-default/deny"));
    assertThat(evidence(POD, null, "192.0.2.9"))
        .contains("PRESENT set" + table + "blocks-HASH-ipv4: 192.0.2.0/26")
        .noneMatch(line -> line.contains("set" + table + "pods-HASH"));
    assertThat(evidence("10.244.1.9", null, null))
        .containsExactly(
            "PRESENT set" + table + "pod-networks-ipv4: 10.244.1.0/24",
            "PRESENT set" + table + "admitted-ipv4: 10.244.1.9");
    assertThat(evidence("10.244.1.77", null, null))
        .contains("PRESENT chain" + table + "shut-in-ingress: counter name \"shut-in\" drop");
    assertThat(
            cluster.table.evidence(
                IpAddress.parse(POD), PolicyDirection.INGRESS, Cluster.key("default/web"), null))
        .filteredOn(object -> object.text().contains("comment \"ingress[0]\""))
        .isNotEmpty()
        .allMatch(object -> object.packets() == 0);
  }

  @Test
  void whatOthersDidIsTold() throws Exception {
    String table = "inet fairlead-policy ";
    String set =
        cluster
            .table
            .evidence(
                IpAddress.parse(POD), PolicyDirection.INGRESS, null, IpAddress.parse("10.244.2.2"))
            .stream()
            .map(object -> object.place())
            .filter(place -> place.startsWith("set " + table + "pods-"))
            .findFirst()
            .orElseThrow();
    node.run(("nft delete element " + set.substring(4) + " { 10.244.2.2 }").split(" "));
    node.run(("nft add element " + set.substring(4) + " { 10.244.5.5 }").split(" "));
    node.run("nft", "flush", "chain", "inet", "fairlead-policy", "deny-ingress");
    assertThat(changed(POD, null, "10.244.2.2"))
        .contains(
            "MISSING set inet fairlead-policy pods-HASH-ipv4: 10.244.2.2",
            "MISSING chain inet fairlead-policy deny-ingress: drop")
        .hasSize(3);
    assertThat(changed(POD, null, "10.244.5.5"))
        .contains(
            "DIFFERENT set inet fairlead-policy pods-HASH-ipv4: found 10.244.5.5, wanted nothing");
  }
}
