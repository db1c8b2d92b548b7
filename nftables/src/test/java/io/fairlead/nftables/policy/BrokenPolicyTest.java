package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.key;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.sys.Errno;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Policies that the kernel does not take. */
class BrokenPolicyTest {

  private static final Peer[] TOO_MANY =
      IntStream.range(0, 200).mapToObj(i -> block("10.0." + i + ".1/32")).toArray(Peer[]::new);

  private final FakeNfTables memory = new FakeNfTables();
  private final RefusingKernel kernel = new RefusingKernel(memory);
  private final Cluster cluster = new Cluster(kernel);

  @BeforeEach
  void start() throws Exception {
    cluster.namespace("default", "");
    cluster.local("default/web", "app=web", "10.244.1.2");
    cluster.commit();
    kernel.refuse(operation ->
        operation instanceof NfOperation.AddElements add && add.elements().size() > 100);
  }

  private List<NfRule> rules(String chain) {
    return memory.rules(NftablesPolicies.table()).stream()
        .filter(rule -> rule.chain().equals(chain))
        .toList();
  }

  @Test
  @DisplayName("A set over its limit is loud and closed (faults 24), others go on (policy 11)")
  void aSetOverItsLimit() throws Exception {
    cluster.policy("default/big", "app=web", List.of(peers(TOO_MANY)), null);
    cluster.policy("default/good", "app=web", List.of(peers(pods("app=client"))), null);
    cluster.commit();
    assertThat(cluster.table.problems()).containsOnlyKeys(key("default/big"));
    assertThat(cluster.table.problems().get(key("default/big")))
        .matches(
            "the kernel did not take it: ENFILE .* at: add element inet fairlead-policy"
                + " blocks-[0-9a-f]{16}-ipv4 \\{ 10.0.0.1, .*\\.\\.\\.");
    assertThat(rules("ingress-default/big")).isEmpty();
    assertThat(rules("ingress-default/good")).hasSize(2);
    assertThat(memory.toString()).contains("jump ingress-default/big");
    assertThat(cluster.table.isPending()).isFalse();
  }

  @Test
  @DisplayName("One bad object of 50 blocks no other, now and later (faults 14)")
  void others() throws Exception {
    for (int i = 0; i < 50; i++) {
      cluster.policy("default/p" + i, "app=web", List.of(peers(pods("app=c" + i))), null);
    }
    cluster.policy("default/big", "app=web", List.of(peers(TOO_MANY)), null);
    cluster.policy("default/big-2", "app=web", null, List.of(peers(TOO_MANY)));
    cluster.commit();
    assertThat(cluster.table.problems()).containsOnlyKeys(key("default/big"), key("default/big-2"));
    assertThat(kernel.commits()).as("start, change, everything, without the bad").isEqualTo(4);
    cluster.remote("default/client", "app=c7", "10.244.2.2");
    assertThat(cluster.commit()).startsWith("add element").hasLineCount(1);
  }

  @Test
  void itIsTriedAgainWhenItChanges() throws Exception {
    cluster.policy("default/big", "app=web", List.of(peers(TOO_MANY)), null);
    cluster.commit();
    cluster.policy("default/big", "app=web", List.of(peers(block("10.0.0.1/32"))), null);
    cluster.commit();
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(rules("ingress-default/big")).hasSize(1);
  }

  @Test
  void itIsTriedAgainByTheAudit() throws Exception {
    cluster.policy("default/big", "app=web", List.of(peers(TOO_MANY)), null);
    cluster.commit();
    assertThat(cluster.table.audit()).isEmpty();
    assertThat(cluster.table.problems()).isNotEmpty();
    kernel.refuse(_ -> false);
    assertThat(cluster.table.audit()).isNotEmpty();
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(rules("ingress-default/big")).hasSize(1);
    cluster.withoutPolicy("default/big");
    cluster.commit();
    assertThat(cluster.table.problems()).isEmpty();
  }

  @Test
  void whatNoPolicyIsToBlameForIsThrown() throws Exception {
    kernel.refuse(operation -> operation.toString().contains("admitted-ipv4"));
    cluster.local("default/db", "", "10.244.1.3");
    assertThatThrownBy(cluster::commit).isInstanceOf(NetlinkException.class);
    assertThat(cluster.table.isPending()).isTrue();
    assertThat(cluster.table.problems()).isEmpty();
    kernel.refuse(_ -> false);
    assertThat(cluster.commit())
        .isEqualTo("add element inet fairlead-policy admitted-ipv4 { 10.244.1.3 }");
  }

  @Test
  void aLostAnswerIsNobodysFault() throws Exception {
    kernel.refuse(_ -> false);
    cluster.policy("default/good", "app=web", List.of(peers(pods("app=client"))), null);
    memory.failNext(
        new NetlinkException(
            "add chain inet fairlead-policy ingress-default/good", Errno.ENOBUFS, "", -1, 0));
    cluster.commit();
    assertThat(cluster.table.problems()).isEmpty();
    assertThat(rules("ingress-default/good")).hasSize(2);
  }
}
