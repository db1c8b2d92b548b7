package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.ingress;
import static io.fairlead.dataplane.policy.PolicyText.on;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.port;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.enforcement.TestNode.Pod;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a pod of this node is let in, and by what it is isolated from then on. */
class AdmissionTest {

  private static final Peer EVERY_POD = pods("", "");

  private static TestNode node(boolean complete) {
    return new TestNode(complete)
        .pod(Pod.here("x/me", "app=me", "10.0.0.9"))
        .policy(TestNode.allowing("x/all", EVERY_POD))
        .policy(ingress("x/web", "app=web"))
        .policy(ingress("x/db", "app=db"));
  }

  @Test
  @DisplayName("a pod is shut in until it is known (policy 1)")
  void waitsForTheRecord() {
    TestNode node = node(false).attach("i", "x/a", "u1", "10.0.0.1");
    assertThat(node.enforcement.isAdmitted("i")).isFalse();
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    assertThat(node.enforcement.take().subjects()).doesNotContain(address("10.0.0.1"));
    node.pod(Pod.here("x/a", "app=web", "").uid("u1"));
    assertThat(node.enforcement.isAdmitted("i")).isTrue();
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/web out x/all");
    assertThat(node.enforcement.take().subjects()).containsExactly(address("10.0.0.1"));
  }

  @Test
  void aStatefulSetsPodDoesNotGetItsPredecessorsLabels() {
    TestNode node =
        node(false)
            .pod(Pod.here("x/a", "app=web", "").uid("u1"))
            .attach("new", "x/a", "u2", "10.0.0.1");
    assertThat(node.enforcement.isAdmitted("new")).isFalse();
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    node.pod(Pod.here("x/a", "app=db", "").uid("u2"));
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/db out x/all");
  }

  @Test
  void aStatefulSetsPodKeepsItsLabelsWhenTheSuccessorsRecordComes() {
    TestNode node =
        node(false)
            .pod(Pod.here("x/a", "app=web", "").uid("u1"))
            .attach("old", "x/a", "u1", "10.0.0.1")
            .pod(Pod.there("x/a", "app=db", "10.0.1.1").uid("u2"));
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/web out x/all");
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.9 10.0.1.1");
  }

  @Test
  void aPodThatTheApiForgotIsIsolatedUntilItEndsAndNoPeer() {
    TestNode node =
        node(false)
            .policy(ingress("x/named", "app=web", on(port("tcp http"))))
            .pod(
                Pod.here("x/a", "app=web", "")
                    .uid("u1")
                    .ports(new ContainerPort("http", Protocol.TCP, 80)))
            .attach("i", "x/a", "u1", "10.0.0.1");
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.1 10.0.0.9");
    node.enforcement.take();
    node.podGone("x/a");
    EnforcementChange change = node.enforcement.take();
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/named, x/web out x/all");
    assertThat(node.enforcement.isAdmitted("i")).isTrue();
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.9");
    assertThat(node.enforcement.pod(address("10.0.0.1"))).isNotNull();
    assertThat(node.enforcement.peer(address("10.0.0.1"))).isNull();
    PortName http = new PortName(PolicyDirection.INGRESS, Protocol.TCP, "http");
    assertThat(node.enforcement.members(http))
        .containsExactly(new PodPort(address("10.0.0.1"), 80));
    assertThat(change.subjects()).isEmpty();
    assertThat(change.narrowed()).isEmpty();
    assertThat(change.departed()).containsExactly(address("10.0.0.1"));
    node.detach("i");
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    assertThat(node.enforcement.take().narrowed()).containsExactly(address("10.0.0.1"));
  }

  @Test
  void anotherInterfaceOfAForgottenPodIsNotLetIn() {
    TestNode node =
        node(false)
            .pod(Pod.here("x/a", "app=web", "").uid("u1"))
            .attach("i", "x/a", "u1", "10.0.0.1")
            .podGone("x/a")
            .attach("j", "x/a", "u1", "10.0.0.2")
            .attach("i", "x/a", "u1", "10.0.0.3");
    assertThat(node.enforcement.isAdmitted("j")).isFalse();
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    assertThat(node.subject("10.0.0.3")).isEqualTo("in x/all, x/web out x/all");
  }

  @Test
  void withManifestsAPodWithoutRecordHasNoLabels() {
    TestNode node = node(true).attach("i", "x/a", "", "10.0.0.1");
    assertThat(node.enforcement.isAdmitted("i")).isTrue();
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all out x/all");
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.1 10.0.0.9");
    node.pod(Pod.here("x/a", "app=web", ""));
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/web out x/all");
    node.podGone("x/a");
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all out x/all");
  }

  @Test
  void anInterfaceWithoutPodIsFree() {
    TestNode node = node(false).attach("i", null, "", "10.0.0.1");
    assertThat(node.enforcement.isAdmitted("i")).isTrue();
    assertThat(node.subject("10.0.0.1")).isEqualTo("free");
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.9");
    assertThat(node.owner("10.0.0.1")).isEqualTo("nobody");
  }

  @Test
  void withoutUidTheNodeTellsWhetherTheRecordIsAnothers() {
    TestNode node =
        node(false)
            .attach("i", "x/a", "", "10.0.0.1")
            .pod(Pod.there("x/a", "app=web", "10.0.1.1").uid("u1"));
    assertThat(node.enforcement.isAdmitted("i")).isFalse();
    assertThat(node.members("x", EVERY_POD)).isEqualTo("10.0.0.9 10.0.1.1");
    node.pod(Pod.here("x/a", "app=web", "").uid("u2"));
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/all, x/web out x/all");
  }

  @Test
  void anInterfaceThatGetsAnotherPodForgetsTheFormer() {
    TestNode node =
        node(false)
            .pod(Pod.here("x/a", "app=web", "").uid("u1"))
            .attach("i", "x/a", "u1", "10.0.0.1")
            .attach("i", "x/b", "u2", "10.0.0.1");
    assertThat(node.enforcement.isAdmitted("i")).isFalse();
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    assertThat(node.enforcement.isAdmitted("unknown")).isFalse();
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text);
  }
}
