package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.Difference.Kind;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in a real kernel's table of policies is told, exactly, and nothing is changed. */
class PolicyComparisonKernelTest {

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
    cluster.local("default/web", "app=web", "10.244.1.2", "fd00:244:1::2");
    cluster.local("default/other", "app=other", "10.244.1.3");
    cluster.remote("default/client", "app=client", "10.244.2.2");
    cluster.policy("default/web", "app=web", List.of(peers(pods("app=client"))), null);
    cluster.commit();
    // As time passes: what a restart would find is what the running one has made step by step.
    cluster.policy("default/gone", "app=other", List.of(), List.of());
    cluster.commit();
    cluster.withoutPolicy("default/gone");
    cluster.remote("default/client-2", "app=client", "10.244.2.3");
    cluster.commit();
  }

  @AfterEach
  void close() {
    kernel.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private Comparison compare(Enforcement wanted) throws Exception {
    long generation = kernel.generation();
    Comparison result = cluster.table.compare(wanted, Cluster.SETTINGS);
    assertThat(kernel.generation()).as("nothing is committed").isEqualTo(generation);
    return result;
  }

  private NfSet setWith(String element) throws Exception {
    for (NfSet set : kernel.sets(NftablesPolicies.table())) {
      for (SetElement one : kernel.elements(set)) {
        if (one.text(set).equals(element)) {
          return set;
        }
      }
    }
    throw new AssertionError(element + " is in no set");
  }

  @Test
  void aRightTableIsClean() throws Exception {
    Comparison result = compare(cluster.enforcement);
    assertThat(result.differences()).isEmpty();
    assertThat(result.right().get("rules")).isGreaterThan(5);
  }

  @Test
  void aMemberAndARuleThatAreGone() throws Exception {
    NfSet members = setWith("10.244.2.2");
    SetElement member =
        kernel.elements(members).stream()
            .filter(one -> one.text(members).equals("10.244.2.2"))
            .findFirst()
            .orElseThrow();
    NfRule rule =
        kernel.rules(NftablesPolicies.table()).stream()
            .filter(one -> one.text().contains("@" + members.name()))
            .findFirst()
            .orElseThrow();
    kernel.commit(
        NfTransaction.of(
            new NfOperation.DeleteElements(members, List.of(member)),
            new NfOperation.DeleteRule(rule.table(), rule.chain(), rule.handle())));
    assertThat(compare(cluster.enforcement).differences())
        .containsExactlyInAnyOrder(
            Difference.missing("set inet fairlead-policy " + members.name(), "10.244.2.2"),
            Difference.missing("chain inet fairlead-policy " + rule.chain(), rule.text()));
    assertThat(cluster.table.audit()).isNotEmpty();
    assertThat(compare(cluster.enforcement).differences()).isEmpty();
  }

  @Test
  void anotherPolicyAddsItsOwnAndNothingElse() throws Exception {
    Cluster then = new Cluster(kernel);
    then.namespace("default", "");
    then.local("default/web", "app=web", "10.244.1.2", "fd00:244:1::2");
    then.local("default/other", "app=other", "10.244.1.3");
    then.remote("default/client", "app=client", "10.244.2.2");
    then.remote("default/client-2", "app=client", "10.244.2.3");
    then.policy("default/web", "app=web", List.of(peers(pods("app=client"))), null);
    assertThat(compare(then.enforcement).differences()).isEmpty();
    then.policy("default/deny", "app=other", List.of(), null);
    List<Difference> differences = compare(then.enforcement).differences();
    assertThat(differences)
        .isNotEmpty()
        .anySatisfy(one -> assertThat(one.wanted()).contains("10.244.1.3"))
        .noneSatisfy(one -> assertThat(one.kind()).isEqualTo(Kind.EXTRA));
    assertThat(compare(cluster.enforcement).differences()).isEmpty();
  }
}
