package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.allow;
import static io.fairlead.dataplane.policy.PolicyText.egress;
import static io.fairlead.dataplane.policy.PolicyText.ingress;
import static io.fairlead.dataplane.policy.PolicyText.on;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.port;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.enforcement.TestNode.Pod;
import io.fairlead.dataplane.testing.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nothing of what came and went is kept. */
class EnforcementChurnTest {

  private static final int CYCLES = 10_000;

  @Test
  @DisplayName("10,000 cycles of pods, policies and interfaces (policy 12, policy 9, faults 17)")
  void nothingIsLeftOfWhatWent() {
    TestNode node =
        new TestNode()
            .namespace("x", "team=red")
            .pod(Pod.here("x/stays", "app=web", "10.0.0.1"))
            .policy(
                ingress("x/stays", "app=web", allow(List.of(pods("app=db")), port("tcp http"))));
    node.enforcement.take();
    int before = node.enforcement.size();
    ContainerPort http = new ContainerPort("http", Protocol.TCP, 80);
    for (int i = 0; i < CYCLES; i++) {
      String pod = "x/p" + i;
      String labels = "app=web n=" + i;
      String uid = "u" + i;
      node.attach("i" + i, pod, uid, "10.0.0.2 fd00::2")
          .pod(Pod.here(pod, labels, "").uid(uid).ports(http))
          .pod(Pod.there("n" + i + "/peer", "app=db v=" + i, "10.0.1.1").ports(http))
          .namespace("n" + i, "n=" + i)
          .policy(
              ingress("x/q" + i, "n=" + i, allow(List.of(pods("n=" + i, "")), port("tcp http"))))
          .policy(egress("x/r" + i, "", on(port("udp name" + i))));
      if (i % 2 == 0) {
        node.enforcement.take();
      }
      node.pod(Pod.here(pod, labels + " other=1", "").uid(uid))
          .policyGone("x/q" + i)
          .podGone(pod)
          .detach("i" + i)
          .policyGone("x/r" + i)
          .podGone("n" + i + "/peer");
      node.enforcement.namespace("n" + i, null);
      if (i % 3 == 0) {
        node.enforcement.take();
      }
    }
    node.enforcement.take();
    assertThat(node.enforcement.size()).isEqualTo(before);
  }

  @Test
  @DisplayName("random churn, then everything goes (policy 12)")
  void nothingIsLeftAtTheEnd() {
    RandomGenerator random = Seed.generator("churn");
    RandomCluster parts = new RandomCluster(random);
    Enforcement enforcement = new Enforcement("here", false);
    for (int i = 0; i < CYCLES; i++) {
      ObjectKey pod = parts.pod();
      ObjectKey policy = parts.policy();
      String namespace = parts.namespace();
      PodRecord record = random.nextBoolean() ? null : parts.pod(pod);
      NetworkPolicyRecord rules = random.nextBoolean() ? null : parts.policy(policy);
      enforcement.pod(pod, record);
      enforcement.policy(policy, rules);
      enforcement.namespace(namespace, random.nextBoolean() ? null : parts.namespace(namespace));
      enforcement.attach(parts.attachment());
      enforcement.detach(parts.attachment().id());
      if (random.nextInt(3) == 0) {
        enforcement.take();
      }
    }
    for (int i = 0; i < 10; i++) {
      String namespace = "n" + i;
      enforcement.detach("i" + i);
      enforcement.namespace(namespace, null);
      for (int j = 0; j < 10; j++) {
        enforcement.pod(new ObjectKey(namespace, "p" + j), null);
        enforcement.policy(new ObjectKey(namespace, "q" + j), null);
      }
    }
    enforcement.take();
    assertThat(enforcement.size()).isZero();
  }
}
