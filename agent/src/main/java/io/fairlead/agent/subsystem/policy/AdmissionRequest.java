package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pod that waits to be let in. It is decided once, by whoever is first: the reconciling thread
 * lets it in, and time or a deletion keeps it out. Thread-safe.
 */
final class AdmissionRequest {

  private final PodAttachment attachment;

  /** Empty for a pod that is let in, else why it is not. */
  private final CompletableFuture<Optional<String>> decision = new CompletableFuture<>();

  private volatile String obstacle;

  AdmissionRequest(PodAttachment attachment) {
    this.attachment = attachment;
    this.obstacle = "the agent is busy with other changes";
  }

  PodAttachment attachment() {
    return attachment;
  }

  /** "Pod namespace/name", or what the runtime called it. */
  String subject() {
    return attachment.pod() == null ? "attachment " + attachment.id() : "Pod " + attachment.pod();
  }

  /** What keeps it out at present, as a part of a sentence. */
  void obstacle(String reason) {
    obstacle = reason;
  }

  void admit() {
    decision.complete(Optional.empty());
  }

  void refuse(String reason) {
    decision.complete(Optional.of(reason));
  }

  boolean isDecided() {
    return decision.isDone();
  }

  /**
   * Waits for the decision, and makes one when time is up.
   *
   * @return empty if the pod is let in, else why it is not
   */
  Optional<String> await(Duration timeout) {
    try {
      return decision.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      refuse(obstacle + " (waited " + timeout.toSeconds() + " s)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse("the agent is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a decision is never a failure", e);
    }
    return decision.join();
  }
}
