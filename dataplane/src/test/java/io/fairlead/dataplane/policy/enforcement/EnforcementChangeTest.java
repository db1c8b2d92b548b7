package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.allow;
import static io.fairlead.dataplane.policy.PolicyText.block;
import static io.fairlead.dataplane.policy.PolicyText.egress;
import static io.fairlead.dataplane.policy.PolicyText.ingress;
import static io.fairlead.dataplane.policy.PolicyText.key;
import static io.fairlead.dataplane.policy.PolicyText.on;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.port;
import static io.fairlead.dataplane.policy.PolicyText.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange.Delta;
import io.fairlead.dataplane.policy.enforcement.TestNode.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told of changes: all of it, once, and nothing else. */
class EnforcementChangeTest {

  private static final Peer CLIENTS = pods("role=client");
  private static final ContainerPort HTTP = new ContainerPort("http", Protocol.TCP, 80);

  /** Web pods, of which one is here, let clients in. */
  private static TestNode node() {
    TestNode node =
        new TestNode()
            .namespace("x", "team=red")
            .namespace("y", "team=blue")
            .pod(Pod.here("x/web", "app=web", "10.0.0.1"))
            .pod(Pod.there("x/client", "role=client", "10.0.1.1"))
            .policy(ingress("x/web", "app=web", with(CLIENTS)));
    node.enforcement.take();
    return node;
  }

  /** What is told, in words. */
  private static String told(TestNode node) {
    EnforcementChange change = node.enforcement.take();
    StringBuilder text = new StringBuilder();
    append(text, "subjects", change.subjects());
    append(text, "policies", change.policies());
    change
        .selectors()
        .values()
        .forEach(delta -> {
          append(text, "came", delta.added());
          append(text, "went", delta.removed());
        });
    append(text, "narrowed", change.narrowed());
    append(text, "departed", change.departed());
    return text.toString();
  }

  private static void append(StringBuilder text, String title, Set<?> items) {
    if (!items.isEmpty()) {
      text.append(text.isEmpty() ? "" : "; ").append(title);
      items.stream().map(Object::toString).sorted().forEach(item -> text.append(" ").append(item));
    }
  }

  @Test
  void theFirstChangeTellsEverythingAndCutsNothing() {
    TestNode node =
        new TestNode()
            .pod(Pod.here("x/web", "app=web", "10.0.0.1"))
            .pod(Pod.there("x/client", "role=client", "10.0.1.1"))
            .policy(ingress("x/web", "app=web", with(CLIENTS)));
    EnforcementChange change = node.enforcement.take();
    assertThat(change)
        .isEqualTo(
            new EnforcementChange(
                Set.copyOf(TestNode.addresses("10.0.0.1")),
                Set.of(key("x/web")),
                Map.of(
                    TestNode.selector("x", CLIENTS),
                    new Delta<>(Set.copyOf(TestNode.addresses("10.0.1.1")), Set.of())),
                Map.of(),
                Set.of(),
                Set.of()));
    assertThat(node.enforcement.take().isEmpty()).isTrue();
  }

  @Test
  void aPeerThatComesIsAMemberAndOneThatGoesDeparts() {
    TestNode node = node();
    assertThat(told(node.pod(Pod.there("x/c2", "role=client", "10.0.1.2"))))
        .isEqualTo("came 10.0.1.2");
    assertThat(told(node.podGone("x/c2"))).isEqualTo("went 10.0.1.2; departed 10.0.1.2");
    assertThat(told(node.pod(Pod.there("y/other", "role=client", "10.0.1.3")))).isEmpty();
  }

  @Test
  void aPeersLabelsCount() {
    TestNode node = node();
    assertThat(told(node.pod(Pod.there("x/client", "role=client v=2", "10.0.1.1")))).isEmpty();
    assertThat(told(node.pod(Pod.there("x/client", "role=other", "10.0.1.1"))))
        .isEqualTo("went 10.0.1.1; departed 10.0.1.1");
  }

  @Test
  void whatCancelsLeavesNothing() {
    TestNode node = node();
    node.podGone("x/client").pod(Pod.there("x/client", "role=client", "10.0.1.1"));
    node.pod(Pod.there("x/c2", "role=client", "10.0.1.2")).podGone("x/c2");
    node.podGone("x/web").pod(Pod.here("x/web", "app=web", "10.0.0.1"));
    node.policyGone("x/web").policy(ingress("x/web", "app=web", with(CLIENTS)));
    node.policy(ingress("x/deny", "")).policyGone("x/deny");
    node.attach("i", null, "", "10.0.0.5").detach("i");
    assertThat(node.enforcement.take().isEmpty()).isTrue();
  }

  @Test
  void policiesWithoutPodHereAreNotActive() {
    TestNode node = node().policy(ingress("y/p", "", with(pods("team=red", ""))));
    assertThat(node.enforcement.take().isEmpty()).isTrue();
    assertThat(node.enforcement.policies()).containsOnlyKeys(key("x/web"));
    assertThat(node.members("y", pods("team=red", ""))).isEmpty();
    assertThat(told(node.pod(Pod.here("y/here", "", "10.0.0.2"))))
        .isEqualTo("subjects 10.0.0.2; policies y/p; came 10.0.0.1 10.0.1.1");
    assertThat(told(node.podGone("y/here")))
        .isEqualTo("subjects 10.0.0.2; policies y/p; went 10.0.0.1 10.0.1.1; narrowed 10.0.0.2");
    assertThat(told(node.pod(Pod.here("y/other", "", "")))).isEmpty();
  }

  @Test
  void aSelectorOfTwoPoliciesIsToldOnce() {
    TestNode node = node();
    assertThat(told(node.policy(ingress("x/web2", "app=web", with(CLIENTS)))))
        .isEqualTo("subjects 10.0.0.1; policies x/web2");
    assertThat(told(node.policyGone("x/web")))
        .isEqualTo("subjects 10.0.0.1; policies x/web; narrowed 10.0.0.1");
    assertThat(told(node.policyGone("x/web2")))
        .isEqualTo("subjects 10.0.0.1; policies x/web2; went 10.0.1.1");
  }

  @Test
  @DisplayName("an established connection after a deny is found (faults 30)")
  void aPolicyThatIsolatesAnewNarrows() {
    TestNode node = node().pod(Pod.here("x/free", "", "10.0.0.2"));
    node.enforcement.take();
    assertThat(told(node.policy(egress("x/deny", ""))))
        .isEqualTo("subjects 10.0.0.1 10.0.0.2; policies x/deny; narrowed 10.0.0.1 10.0.0.2");
    assertThat(told(node.policyGone("x/deny")))
        .isEqualTo("subjects 10.0.0.1 10.0.0.2; policies x/deny");
  }

  @Test
  void aPolicyThatOnlyAllowsMoreNarrowsNothing() {
    TestNode node = node();
    assertThat(told(node.policy(ingress("x/more", "app=web", on(port("tcp 80"))))))
        .isEqualTo("subjects 10.0.0.1; policies x/more");
    assertThat(told(node.policy(ingress("x/more", "app=web", on(port("tcp 80-90"))))))
        .isEqualTo("policies x/more");
    assertThat(told(node.policy(ingress("x/more", "app=web", on(port("tcp 80"))))))
        .isEqualTo("policies x/more; narrowed 10.0.0.1");
    assertThat(told(node.policy(ingress("x/web", "app=web", with(CLIENTS), with(pods("b=1"))))))
        .isEqualTo("policies x/web");
  }

  @Test
  void aPodWithOtherLabelsMayBeAllowedLess() {
    TestNode node = node();
    assertThat(told(node.pod(Pod.here("x/web", "app=other", "10.0.0.1"))))
        .isEqualTo("subjects 10.0.0.1; policies x/web; went 10.0.1.1");
    assertThat(told(node.pod(Pod.here("x/web", "app=web", "10.0.0.1"))))
        .isEqualTo("subjects 10.0.0.1; policies x/web; came 10.0.1.1; narrowed 10.0.0.1");
  }

  @Test
  @DisplayName("a namespace that arrives after its pods brings its labels (faults 8)")
  void aNamespacesLabelsCount() {
    TestNode node =
        new TestNode()
            .pod(Pod.here("x/web", "", "10.0.0.1"))
            .pod(Pod.there("y/a", "", "10.0.2.1"))
            .pod(Pod.there("y/b", "b=1", "10.0.2.2"))
            .policy(
                TestNode.allowing(
                    "x/p", pods("team=blue", ""), pods("kubernetes.io/metadata.name=y", "b=1")));
    assertThat(told(node)).isEqualTo("subjects 10.0.0.1; policies x/p; came 10.0.2.2");
    assertThat(told(node.namespace("y", "team=blue"))).isEqualTo("came 10.0.2.1 10.0.2.2");
    assertThat(told(node.namespace("y", "team=blue more=1"))).isEmpty();
    assertThat(told(node.namespace("y", "team=red")))
        .isEqualTo("went 10.0.2.1 10.0.2.2; departed 10.0.2.1 10.0.2.2");
    node.enforcement.namespace("y", null);
    assertThat(told(node)).isEmpty();
    assertThat(node.members("x", pods("kubernetes.io/metadata.name=y", "b=1")))
        .isEqualTo("10.0.2.2");
  }

  @Test
  @DisplayName("an ipBlock-only peer brings no selector (policy 13, faults 33)")
  void blocksUseNoSelectors() {
    TestNode node = node().policy(ingress("x/web", "app=web", with(block("203.0.113.0/24"))));
    assertThat(told(node)).isEqualTo("policies x/web; went 10.0.1.1; narrowed 10.0.0.1");
    assertThat(node.enforcement.selectors()).isEmpty();
  }

  @Test
  void namedPortsFollowTheirPods() {
    TestNode node =
        node()
            .pod(Pod.there("x/b", "", "10.0.1.2").ports(HTTP))
            .policy(egress("x/out", "app=web", on(port("tcp http"))))
            .policy(ingress("x/in", "app=web", allow(List.of(CLIENTS), port("tcp http"))));
    PortName out = new PortName(PolicyDirection.EGRESS, Protocol.TCP, "http");
    PortName in = new PortName(PolicyDirection.INGRESS, Protocol.TCP, "http");
    assertThat(node.enforcement.portNames()).containsExactlyInAnyOrder(in, out);
    PodPort b80 = new PodPort(TestNode.addresses("10.0.1.2").getFirst(), 80);
    PodPort b81 = new PodPort(b80.address(), 81);
    assertThat(node.enforcement.take().portNames())
        .isEqualTo(Map.of(out, new Delta<>(Set.of(b80), Set.of())));

    node.pod(Pod.there("x/b", "", "10.0.1.2").ports(new ContainerPort("http", Protocol.TCP, 81)));
    EnforcementChange change = node.enforcement.take();
    assertThat(change.portNames()).isEqualTo(Map.of(out, new Delta<>(Set.of(b81), Set.of(b80))));
    assertThat(change.departed()).containsExactly(b80.address());

    node.pod(Pod.here("x/web", "app=web", "10.0.0.1").ports(HTTP));
    PodPort web = new PodPort(TestNode.addresses("10.0.0.1").getFirst(), 80);
    assertThat(node.enforcement.take().portNames())
        .isEqualTo(
            Map.of(
                in, new Delta<>(Set.of(web), Set.of()), out, new Delta<>(Set.of(web), Set.of())));

    node.pod(Pod.here("x/web", "app=web", "10.0.0.1"));
    change = node.enforcement.take();
    assertThat(change.narrowed()).containsExactly(web.address());
    assertThat(change.departed()).containsExactly(web.address());
    assertThat(change.subjects()).isEmpty();
  }

  @Test
  void aPodMayHaveANameTwice() {
    TestNode node = node().policy(egress("x/out", "app=web", on(port("tcp http"))));
    node.enforcement.take();
    PortName out = new PortName(PolicyDirection.EGRESS, Protocol.TCP, "http");
    PodPort port = new PodPort(TestNode.addresses("10.0.1.2").getFirst(), 80);
    node.pod(Pod.there("x/b", "", "10.0.1.2").ports(HTTP, HTTP));
    assertThat(node.enforcement.take().portNames())
        .isEqualTo(Map.of(out, new Delta<>(Set.of(port), Set.of())));
    node.podGone("x/b");
    assertThat(node.enforcement.take().portNames())
        .isEqualTo(Map.of(out, new Delta<>(Set.of(), Set.of(port))));
    assertThat(node.enforcement.members(out)).isEmpty();
  }
}
