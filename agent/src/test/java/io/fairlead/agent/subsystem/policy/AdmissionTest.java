package io.fairlead.agent.subsystem.policy;

import static io.fairlead.agent.subsystem.policy.PolicyNode.answer;
import static io.fairlead.agent.subsystem.policy.PolicyNode.key;
import static io.fairlead.agent.subsystem.policy.PolicyNode.lease;
import static io.fairlead.agent.subsystem.policy.PolicyNode.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is let in when, and that nothing is left of those who are not. */
class AdmissionTest {

  private static final Duration SHORT = Duration.ofMillis(1);
  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.2");
  private static final Lease LEASE = lease("web", "10.244.1.2", "uid-1");

  private final PolicyNode node = new PolicyNode(false, PolicyNode.LONG);

  private static void assertRefused(
      CompletableFuture<Optional<CniException>> adding, String sentence) throws Exception {
    CniException refusal = answer(adding).orElseThrow();
    assertThat(refusal.code()).isEqualTo(CniErrorCode.TRY_AGAIN);
    assertThat(refusal.sentence()).isEqualTo(sentence);
  }

  private static void assertNothingLeft(PolicyNode node) {
    node.round();
    assertThat(node.enforcement.addresses()).isEmpty();
    assertThat(node.backend.kernel).isEmpty();
    assertThat(node.desk.outside()).isEmpty();
  }

  @Test
  @DisplayName("a pod that is known is let in by the commit, and connections are forgotten first")
  void known() throws Exception {
    node.round();
    node.put(record("web", "uid-1"));
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertThat(answer(adding)).isEmpty();
    assertThat(node.backend.kernel).containsExactly(ADDRESS);
    assertThat(node.log).endsWith("commit", "occupy [10.244.1.2]");
    node.admission.dismiss(LEASE.key());
    assertNothingLeft(node);
    assertThat(node.log).endsWith("commit", "release [10.244.1.2]");
  }

  @Test
  @DisplayName("a pod without a name, and one of a source that has all pods, wait for no record")
  void nobodysPod() throws Exception {
    node.round();
    CompletableFuture<Optional<CniException>> nameless =
        node.add(new Lease(LEASE.key(), LEASE.addresses(), null));
    node.roundAfterTask();
    assertThat(answer(nameless)).isEmpty();
    PolicyNode complete = new PolicyNode(true, PolicyNode.LONG);
    complete.round();
    CompletableFuture<Optional<CniException>> unknown = complete.add(LEASE);
    complete.roundAfterTask();
    assertThat(answer(unknown)).isEmpty();
    assertThat(complete.backend.kernel).containsExactly(ADDRESS);
  }

  @Test
  @DisplayName("a record that comes while the pod waits lets it in at once (faults 29)")
  void lateRecord() throws Exception {
    node.round();
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    node.put(record("other", "uid-9"));
    node.round();
    assertThat(adding).isNotDone();
    assertThat(node.backend.kernel).isEmpty();
    assertThat(node.subsystem.status()).containsEntry("waiting", "default/web");
    node.put(record("web", "uid-1"));
    node.round();
    assertThat(answer(adding)).isEmpty();
    assertThat(node.subsystem.status()).doesNotContainKey("waiting");
  }

  @Test
  @DisplayName("a pod whose record does not come is refused, and nothing is left (faults 29)")
  void neverKnown() throws Exception {
    PolicyNode impatient = new PolicyNode(false, Duration.ofMillis(200));
    impatient.round();
    CompletableFuture<Optional<CniException>> adding = impatient.add(LEASE);
    impatient.roundAfterTask();
    assertRefused(
        adding,
        "the Pod default/web is not let in: the agent has no event about it from the API server"
            + " yet, so its policies cannot be told (waited 0 s)");
    assertNothingLeft(impatient);
    impatient.put(record("web", "uid-1"));
    assertNothingLeft(impatient);
  }

  @Test
  @DisplayName("time that is up before the agent got to the pod leaves nothing either (faults 36)")
  void busyAgent() throws Exception {
    PolicyNode impatient = new PolicyNode(false, SHORT);
    impatient.put(record("web", "uid-1"));
    impatient.round();
    assertRefused(
        impatient.add(LEASE),
        "the Pod default/web is not let in: the agent is busy with other changes (waited 0 s)");
    assertNothingLeft(impatient);
  }

  @Test
  @DisplayName("a pod waits for its own record, not for its namesake's before it (policy 5)")
  void otherUid() throws Exception {
    node.put(record("web", "uid-0"));
    node.round();
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertThat(adding).isNotDone();
    assertThat(node.backend.kernel).isEmpty();
    node.put(record("web", "uid-1"));
    node.round();
    assertThat(answer(adding)).isEmpty();

    PolicyNode impatient = new PolicyNode(false, Duration.ofMillis(200));
    impatient.put(record("web", "uid-0"));
    impatient.round();
    CompletableFuture<Optional<CniException>> refused = impatient.add(LEASE);
    impatient.roundAfterTask();
    assertRefused(
        refused,
        "the Pod default/web is not let in: the agent knows another Pod of this name (its UID is"
            + " uid-0, and the runtime says uid-1) and has no event about this one, so its policies"
            + " cannot be told (waited 0 s)");
  }

  @Test
  @DisplayName("nobody is let in while the kernel refuses the policies")
  void kernelRefuses() throws Exception {
    node.put(record("web", "uid-1"));
    node.round();
    node.backend.refusal = "no memory";
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    node.round();
    assertThat(adding).isNotDone();
    assertThat(node.log).contains("failed: no memory");
    node.backend.refusal = null;
    node.round();
    assertThat(answer(adding)).isEmpty();
  }

  @Test
  @DisplayName("whom the kernel's refusal keeps out hears of it")
  void kernelRefusesForLong() throws Exception {
    PolicyNode impatient = new PolicyNode(false, Duration.ofMillis(200));
    impatient.put(record("web", "uid-1"));
    impatient.round();
    impatient.backend.refusal = "no memory";
    CompletableFuture<Optional<CniException>> adding = impatient.add(LEASE);
    impatient.roundAfterTask();
    assertRefused(
        adding, "the Pod default/web is not let in: the kernel refuses: no memory (waited 0 s)");
    impatient.backend.refusal = null;
    assertNothingLeft(impatient);
  }

  @Test
  @DisplayName("a DEL ends the wait at once, also before the agent got to it (faults 29)")
  void deleteOvertakes() throws Exception {
    node.round();
    CompletableFuture<Optional<CniException>> waiting = node.add(LEASE);
    node.roundAfterTask();
    node.admission.cancel(LEASE.key());
    assertRefused(waiting, "the Pod default/web is not let in: it is being deleted");
    node.admission.dismiss(LEASE.key());
    assertNothingLeft(node);

    node.put(record("web", "uid-1"));
    CompletableFuture<Optional<CniException>> early = node.add(LEASE);
    while (!early.isDone()) {
      node.admission.cancel(LEASE.key()); // Unknown until the thread has begun.
      Thread.onSpinWait();
    }
    assertRefused(early, "the Pod default/web is not let in: it is being deleted");
    assertNothingLeft(node);
  }

  @Test
  @DisplayName("of two that ask for one attachment the first gives up (faults 29)")
  void duplicate() throws Exception {
    node.round();
    CompletableFuture<Optional<CniException>> first = node.add(LEASE);
    node.roundAfterTask();
    CompletableFuture<Optional<CniException>> second = node.add(LEASE);
    assertRefused(first, "the Pod default/web is not let in: it is asked for again");
    assertThat(second).isNotDone();
    node.admission.cancel(LEASE.key());
    assertRefused(second, "the Pod default/web is not let in: it is being deleted");
    assertNothingLeft(node);
  }

  @Test
  @DisplayName("connections that cannot be forgotten keep the next pod out (policy 1)")
  void notForgotten() throws Exception {
    node.put(record("web", "uid-1"));
    node.round();
    node.occupying = new IOException("no buffer space");
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertRefused(adding, "the Pod default/web is not let in: no buffer space");
    assertNothingLeft(node);
  }

  @Test
  @DisplayName("too many who wait are refused at once, and are no load for those who are known")
  void full() throws Exception {
    node.round();
    List<CompletableFuture<Optional<CniException>>> waiting = new ArrayList<>();
    for (int i = 0; i < Admission.MOST_WAITING; i++) {
      waiting.add(node.add(lease("w" + i, "10.244.2." + (i + 1), "uid")));
      node.roundAfterTask();
    }
    assertRefused(
        node.add(LEASE), "the Pod default/web is not let in: 240 others wait to be let in");
    node.put(record("w7", "uid"));
    node.round();
    assertThat(answer(waiting.get(7))).isEmpty();
    node.put(record("web", "uid-1"));
    node.round();
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertThat(answer(adding)).isEmpty();
    node.admission.stop();
    waiting.remove(7);
    for (CompletableFuture<Optional<CniException>> one : waiting) {
      assertThat(answer(one).orElseThrow().sentence()).endsWith("the agent is stopping");
    }
    assertThat(answer(node.add(lease("late", "10.244.1.9", "uid"))).orElseThrow().sentence())
        .endsWith("the agent is stopping");
  }

  @Test
  @DisplayName("an address is let out before its next owner is let in, whatever the pace")
  void addressChangesHands() throws Exception {
    node.put(record("web", "uid-1"));
    node.put(record("next", "uid-2"));
    node.round();
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertThat(answer(adding)).isEmpty();
    node.admission.dismiss(key("web"));
    CompletableFuture<Optional<CniException>> next = node.add(lease("next", "10.244.1.2", "uid-2"));
    node.roundAfterTask();
    while (!next.isDone()) {
      node.round();
    }
    assertThat(answer(next)).isEmpty();
    assertThat(node.backend.kernel).isEqualTo(Set.of(ADDRESS));
    assertThat(node.log).endsWith("occupy [10.244.1.2]");
    assertThat(node.enforcement.pod(ADDRESS))
        .isEqualTo(node.cluster.pods.get(new ObjectKey("default", "next")));
  }

  @Test
  @DisplayName("connections are forgotten when the address is shut in, not before (policy 1)")
  void recordOutlivesInterface() throws Exception {
    PodRecord pod = record("web", "uid-1", List.of(ADDRESS));
    node.put(pod);
    node.round();
    CompletableFuture<Optional<CniException>> adding = node.add(LEASE);
    node.roundAfterTask();
    assertThat(answer(adding)).isEmpty();
    node.admission.dismiss(LEASE.key());
    node.round();
    assertThat(node.backend.kernel).as("the record claims it").containsExactly(ADDRESS);
    assertThat(node.log).doesNotContain("release [10.244.1.2]");
    node.remove(pod);
    node.round();
    assertThat(node.backend.kernel).isEmpty();
    assertThat(node.log).endsWith("commit", "release [10.244.1.2]");
  }
}
