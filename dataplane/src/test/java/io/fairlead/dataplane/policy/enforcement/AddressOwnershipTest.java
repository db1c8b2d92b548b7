package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.ingress;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.policy.enforcement.TestNode.Pod;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose an address is when several claim it, as subject and as peer. */
class AddressOwnershipTest {

  private static final Peer WEB = pods("app=web");
  private static final Peer DB = pods("app=db");

  /** A node with a pod that is isolated, so that peers are in use. */
  private static TestNode node() {
    return new TestNode()
        .pod(Pod.here("x/me", "app=me", "10.0.0.9"))
        .policy(TestNode.allowing("x/peers", WEB, DB))
        .policy(ingress("x/db", "app=db"));
  }

  @Test
  @DisplayName("a completed pod's address is reused within a second (policy 5, faults 26)")
  void whoComesLaterHasTheAddress() {
    TestNode node =
        node()
            .pod(Pod.there("x/z-job", "app=web", "10.0.1.1").created(100))
            .pod(Pod.there("x/a", "app=db", "10.0.1.1").created(101));
    assertThat(node.owner("10.0.1.1")).isEqualTo("x/a");
    assertThat(node.members("x", DB)).isEqualTo("10.0.1.1");
    assertThat(node.members("x", WEB)).isEmpty();
    node.podGone("x/z-job");
    assertThat(node.owner("10.0.1.1")).isEqualTo("x/a");
    assertThat(node.members("x", DB)).isEqualTo("10.0.1.1");
  }

  @Test
  @DisplayName("the late news of a completed pod does not take its successor's address (policy 5)")
  void theOrderOfNewsDoesNotMatter() {
    TestNode node =
        node()
            .pod(Pod.there("x/a", "app=db", "10.0.1.1").created(101))
            .pod(Pod.there("x/z-job", "app=web", "10.0.1.1").created(100));
    assertThat(node.owner("10.0.1.1")).isEqualTo("x/a");
    assertThat(node.members("x", WEB)).isEmpty();
    node.podGone("x/a");
    assertThat(node.owner("10.0.1.1")).isEqualTo("x/z-job");
    assertThat(node.members("x", WEB)).isEqualTo("10.0.1.1");
  }

  @Test
  void ofTheSameSecondTheGreaterKeyHasIt() {
    TestNode node =
        node()
            .pod(Pod.there("x/b", "app=db", "10.0.1.1").created(100))
            .pod(Pod.there("x/a", "app=web", "10.0.1.1").created(100));
    assertThat(node.owner("10.0.1.1")).isEqualTo("x/b");
  }

  @Test
  @DisplayName("a reused address of this node is isolated as its new pod (policy 5, faults 26)")
  void anInterfaceOutweighsRecords() {
    TestNode node =
        node()
            .attach("old", "x/z-job", "u1", "10.0.0.1")
            .pod(Pod.here("x/z-job", "app=web", "10.0.0.1").uid("u1").created(200))
            .detach("old")
            .attach("new", "x/a", "u2", "10.0.0.1")
            .pod(Pod.here("x/a", "app=db", "").uid("u2").created(100));
    assertThat(node.subject("10.0.0.1")).isEqualTo("in x/db, x/peers out x/peers");
    assertThat(node.owner("10.0.0.1")).isEqualTo("x/a");
    assertThat(node.members("x", DB)).isEqualTo("10.0.0.1");
    assertThat(node.members("x", WEB)).isEmpty();
  }

  @Test
  @DisplayName("before the new pod's record is there, its address is nobody's (faults 26)")
  void anInterfaceThatWaitsKeepsOthersOut() {
    TestNode node =
        node()
            .pod(Pod.there("x/z-job", "app=web", "10.0.0.1"))
            .attach("new", "x/a", "u2", "10.0.0.1");
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    assertThat(node.owner("10.0.0.1")).isEqualTo("nobody");
    assertThat(node.members("x", WEB)).isEmpty();
  }

  @Test
  void theNewerInterfaceHasTheAddressEvenIfTheOlderIsDetachedLate() {
    TestNode node =
        node()
            .pod(Pod.here("x/a", "app=web", "").uid("u1"))
            .pod(Pod.here("x/b", "app=db", "").uid("u2"))
            .attach("old", "x/a", "u1", "10.0.0.1")
            .attach("new", "x/b", "u2", "10.0.0.1");
    assertThat(node.owner("10.0.0.1")).isEqualTo("x/b");
    node.detach("old");
    assertThat(node.owner("10.0.0.1")).isEqualTo("x/b");
    assertThat(node.enforcement.isAdmitted("new")).isTrue();
  }

  @Test
  void aPodWithInterfacesHasTheirAddressesAndNotThoseOfItsStatus() {
    TestNode node =
        node()
            .pod(Pod.here("x/a", "app=web", "10.0.0.1 fd00::1").uid("u1"))
            .attach("one", "x/a", "u1", "10.0.0.2")
            .attach("two", "x/a", "u1", "10.0.0.3 fd00::3");
    assertThat(node.members("x", WEB)).isEqualTo("10.0.0.2 10.0.0.3 fd00::3");
    assertThat(node.subject("10.0.0.1")).isEqualTo("shut in");
    node.detach("two");
    assertThat(node.members("x", WEB)).isEqualTo("10.0.0.2");
    node.detach("one");
    assertThat(node.members("x", WEB)).isEqualTo("10.0.0.1 fd00::1");
    assertThat(node.subject("fd00::1")).isEqualTo("in x/peers out x/peers");
  }

  @Test
  void hostNetworkPodsAreNeitherSubjectsNorPeers() {
    TestNode node =
        node()
            .pod(Pod.here("x/a", "app=web", "192.0.2.1").onHostNetwork())
            .pod(Pod.there("x/b", "app=web", "192.0.2.2").onHostNetwork());
    assertThat(node.members("x", WEB)).isEmpty();
    assertThat(node.subject("192.0.2.1")).isEqualTo("shut in");
    assertThat(node.owner("192.0.2.2")).isEqualTo("nobody");
  }

  @Test
  void podsOfOtherNodesArePeersAndNoSubjects() {
    TestNode node = node().pod(Pod.there("x/a", "app=web", "10.0.1.1 fd00::1:1"));
    assertThat(node.members("x", WEB)).isEqualTo("10.0.1.1 fd00::1:1");
    assertThat(TestNode.text(node.enforcement.addresses())).isEqualTo("10.0.0.9");
  }

  @Test
  @DisplayName("one family lost after a pod's recreation is nobody's (faults 27)")
  void anAddressThatThePodLostIsItsNoMore() {
    TestNode node =
        node()
            .pod(Pod.there("x/a", "app=web", "10.0.1.1 fd00::1:1"))
            .pod(Pod.there("x/a", "app=web", "10.0.1.1"));
    assertThat(node.members("x", WEB)).isEqualTo("10.0.1.1");
    assertThat(node.owner("fd00::1:1")).isEqualTo("nobody");
  }
}
