package io.fairlead.agent.subsystem.policy;

import io.fairlead.cni.PodAdmission;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets pods in when the kernel enforces their policies. What it asks of the reconciling thread is
 * done there in the order of the calls, so an address is let out before it can be leased again.
 * Thread-safe.
 */
public final class Admission implements PodAdmission {

  /** Fewer than the CNI server has threads: deletions always find one. */
  static final int MOST_WAITING = 240;

  /** Counts how admissions end. Called by several threads at once. */
  interface Listener {

    /** A pod was let in after so long. */
    void admitted(Duration waited);

    /** A pod was not let in. */
    void refused();
  }

  private final Consumer<Runnable> loop;
  private final AdmissionDesk desk;
  private final FormerConnections connections;
  private final Duration timeout;
  private final Listener listener;
  private final Semaphore places = new Semaphore(MOST_WAITING);
  private final Map<AttachmentKey, AdmissionRequest> waiting = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * @param loop runs tasks on the reconciling thread, in their order
   * @param timeout how long a pod may wait
   */
  Admission(
      Consumer<Runnable> loop,
      AdmissionDesk desk,
      FormerConnections connections,
      Duration timeout,
      Listener listener) {
    this.loop = loop;
    this.desk = desk;
    this.connections = connections;
    this.timeout = timeout;
    this.listener = listener;
  }

  @Override
  public void admit(Lease lease) throws CniException {
    long start = System.nanoTime();
    AdmissionRequest request = new AdmissionRequest(attachment(lease));
    boolean inside = false;
    try {
      if (!places.tryAcquire()) {
        throw refusal(request, MOST_WAITING + " others wait to be let in");
      }
      try {
        admit(lease, request);
      } finally {
        places.release();
      }
      inside = true;
      listener.admitted(Duration.ofNanos(System.nanoTime() - start));
    } finally {
      if (!inside) {
        listener.refused();
        dismiss(lease.key());
      }
    }
  }

  private void admit(Lease lease, AdmissionRequest request) throws CniException {
    AdmissionRequest duplicate = waiting.put(lease.key(), request);
    if (duplicate != null) {
      duplicate.refuse("it is asked for again");
    }
    try {
      if (stopped) { // Looked at after it can be found by stop.
        throw refusal(request, "the agent is stopping");
      }
      loop.accept(() -> desk.enter(request));
      Optional<String> obstacle = request.await(timeout);
      if (obstacle.isPresent()) {
        throw refusal(request, obstacle.get());
      }
      connections.occupy(lease.addresses());
    } catch (IOException e) {
      throw refusal(request, String.valueOf(e.getMessage()));
    } finally {
      waiting.remove(lease.key(), request);
    }
  }

  private static CniException refusal(AdmissionRequest request, String obstacle) {
    return new CniException(
        CniErrorCode.TRY_AGAIN, "the " + request.subject() + " is not let in: " + obstacle);
  }

  static PodAttachment attachment(Lease lease) {
    return new PodAttachment(
        lease.key().toString(), podKey(lease.pod()), lease.podUid(), lease.addresses());
  }

  private static @Nullable ObjectKey podKey(@Nullable String pod) {
    int slash = pod == null ? -1 : pod.indexOf('/');
    return pod == null || slash < 0
        ? null
        : new ObjectKey(pod.substring(0, slash), pod.substring(slash + 1));
  }

  @Override
  public void adopt(Lease lease) {
    PodAttachment attachment = attachment(lease);
    loop.accept(() -> desk.attach(attachment));
  }

  @Override
  public void cancel(AttachmentKey key) {
    AdmissionRequest request = waiting.get(key);
    if (request != null) {
      request.refuse("it is being deleted");
    }
  }

  @Override
  public void dismiss(AttachmentKey key) {
    String id = key.toString();
    loop.accept(() -> desk.detach(id));
  }

  @Override
  public boolean isWaiting(AttachmentKey key) {
    return waiting.containsKey(key);
  }

  @Override
  public void stop() {
    stopped = true;
    waiting.values().forEach(request -> request.refuse("the agent is stopping"));
  }
}
