package io.fairlead.nftables.policy;

import static io.fairlead.dataplane.model.Protocol.TCP;
import static io.fairlead.nftables.policy.Cluster.block;
import static io.fairlead.nftables.policy.Cluster.peers;
import static io.fairlead.nftables.policy.Cluster.pods;
import static io.fairlead.nftables.policy.Cluster.ports;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes cost. */
class NftablesPoliciesTest {

  private final FakeNfTables kernel = new FakeNfTables();
  private final Cluster cluster = new Cluster(kernel);

  @BeforeEach
  void start() throws Exception {
    cluster.namespace("default", "");
    cluster.namespace("other", "team=b");
    cluster.local("default/web-1", "app=web", "10.244.1.2", "fd00:244:1::2");
    cluster.remote("default/client-1", "app=client", "10.244.2.2", "fd00:244:2::2");
    cluster.policy("default/web", "app=web", List.of(peers(pods("app=client"))), null);
    cluster.commit();
  }

  @Test
  void theFirstCommitIsOneTransaction() {
    assertThat(kernel.committed()).hasSize(1);
  }

  @Test
  void aPeerIsAnElement() throws Exception {
    cluster.remote("default/client-2", "app=client", "10.244.2.3");
    assertThat(cluster.commit())
        .matches("add element inet fairlead-policy pods-[0-9a-f]{16}-ipv4 \\{ 10.244.2.3 }");
    cluster.remote("default/client-2", "app=other", "10.244.2.3");
    assertThat(cluster.commit())
        .matches("delete element inet fairlead-policy pods-[0-9a-f]{16}-ipv4 \\{ 10.244.2.3 }");
    cluster.remote("default/client-2", "app=another", "10.244.2.3");
    assertThat(cluster.commit()).isEmpty();
  }

  @Test
  void aPodOfAKnownCombinationIsElements() throws Exception {
    cluster.local("default/web-2", "app=web", "10.244.1.3");
    assertThat(cluster.commit())
        .isEqualTo(
            """
            add element inet fairlead-policy admitted-ipv4 { 10.244.1.3 }
            add element inet fairlead-policy itself-ipv4 { 10.244.1.3 . 10.244.1.3 }
            add element inet fairlead-policy ingress-ipv4 { 10.244.1.3 : 0:1 }\
            """);
    cluster.local("default/free", "app=free", "10.244.1.4");
    assertThat(cluster.commit())
        .isEqualTo("add element inet fairlead-policy admitted-ipv4 { 10.244.1.4 }");
    cluster.gone("default/web-2");
    assertThat(cluster.commit())
        .isEqualTo(
            """
            delete element inet fairlead-policy admitted-ipv4 { 10.244.1.3 }
            delete element inet fairlead-policy itself-ipv4 { 10.244.1.3 . 10.244.1.3 }
            delete element inet fairlead-policy ingress-ipv4 { 10.244.1.3 }\
            """);
  }

  @Test
  void aPolicyThatChangesRewritesItsChain() throws Exception {
    cluster.policy("default/web", "app=web", List.of(ports(Port.Range.of(TCP, 80))), null);
    assertThat(cluster.commit())
        .matches(
            """
            flush chain inet fairlead-policy ingress-default/web
            add rule inet fairlead-policy ingress-default/web meta l4proto tcp th dport 80 counter name "ingress-default/web" accept comment "ingress\\[0]"
            delete set inet fairlead-policy pods-[0-9a-f]{16}-ipv4
            delete set inet fairlead-policy pods-[0-9a-f]{16}-ipv6\
            """);
    assertThat(kernel.committed().getLast().operations()).hasSize(4);
  }

  @Test
  void whatTwoPoliciesShareIsThereOnceAndAsLongAsOneNeedsIt() throws Exception {
    String before = kernel.toString();
    cluster.local("other/db", "", "10.244.1.9");
    cluster.commit();
    String withPod = kernel.toString();
    Rule sameClients = peers(pods("kubernetes.io/metadata.name=default", "app=client"));
    cluster.policy("other/one", "", List.of(sameClients), null);
    cluster.policy("other/two", "", List.of(sameClients), List.of(sameClients));
    String both = cluster.commit();
    assertThat(both.lines().filter(line -> line.startsWith("add set"))).hasSize(2);
    cluster.withoutPolicy("other/one");
    assertThat(cluster.commit()).doesNotContain("delete set");
    cluster.withoutPolicy("other/two");
    assertThat(cluster.commit()).contains("delete set");
    assertThat(kernel.toString()).isEqualTo(withPod);
    cluster.gone("other/db");
    cluster.commit();
    assertThat(kernel.toString()).isEqualTo(before);
  }

  @Test
  void aNamedPortIsElementsOfThePodsThatHaveIt() throws Exception {
    cluster.policy("default/web", "app=web", List.of(ports(new Port.Named(TCP, "http"))), null);
    cluster.pod(
        "default/web-2",
        "app=web",
        Cluster.NODE,
        List.of(new ContainerPort("http", TCP, 8080)),
        "10.244.1.3");
    cluster.commit();
    cluster.pod(
        "default/web-2",
        "app=web",
        Cluster.NODE,
        List.of(new ContainerPort("http", TCP, 9090)),
        "10.244.1.3");
    assertThat(cluster.commit())
        .matches(
            """
            delete element inet fairlead-policy port-[0-9a-f]{16}-ipv4 \\{ 10.244.1.3 . 8080 }
            add element inet fairlead-policy port-[0-9a-f]{16}-ipv4 \\{ 10.244.1.3 . 9090 }\
            """);
  }

  @Test
  void changesBetweenCommitsAreOne() throws Exception {
    String before = kernel.toString();
    int commits = kernel.committed().size();
    cluster.policy("default/more", "app=web", List.of(peers(block("192.0.2.0/24"))), List.of());
    cluster.table.update(cluster.enforcement.take());
    cluster.remote("default/client-2", "app=client", "10.244.2.3");
    cluster.table.update(cluster.enforcement.take());
    cluster.withoutPolicy("default/more");
    cluster.table.update(cluster.enforcement.take());
    cluster.gone("default/client-2");
    assertThat(cluster.commit()).isEmpty();
    assertThat(kernel.toString()).isEqualTo(before);
    assertThat(kernel.committed()).hasSize(commits);
    assertThat(cluster.table.isPending()).isFalse();
  }

  @Test
  void aRestartChangesNothing() throws Exception {
    cluster.local("default/db", "app=db", "10.244.1.5");
    cluster.policy("default/db", "app=db", List.of(), List.of());
    cluster.policy("default/all", "", null, List.of(peers(block("0.0.0.0/0", "10.0.0.0/8"))));
    cluster.commit();
    NftablesPolicies restarted =
        new NftablesPolicies(kernel, cluster.enforcement, Cluster.SETTINGS);
    assertThat(restarted.commit()).isEmpty();
    assertThat(restarted.audit()).isEmpty();
    assertThat(restarted.counters()).isEqualTo(cluster.table.counters());
    assertThat(NftablesPolicies.cleanup(kernel)).isTrue();
    assertThat(NftablesPolicies.cleanup(kernel)).isFalse();
    assertThat(restarted.isPending()).isFalse();
    restarted.distrust();
    assertThat(restarted.isPending()).isTrue();
    assertThat(restarted.commit()).isNotEmpty();
  }
}
