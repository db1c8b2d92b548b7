package io.fairlead.cni;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Knows who is let in, and asks a test before it lets anybody in. Thread-safe. */
final class RecordingAdmission implements PodAdmission {

  /** What happens at an admission; a failure refuses it. */
  interface Gate {
    void pass(Lease lease) throws CniException;
  }

  private final Map<AttachmentKey, Lease> inside = new LinkedHashMap<>();
  private volatile Gate gate = _ -> {};
  private volatile CountDownLatch cancelled = new CountDownLatch(1);

  void gate(Gate next) {
    gate = next;
  }

  /** A gate that stays shut until {@link #cancel} is called. */
  void shut(CountDownLatch waiting) {
    cancelled = new CountDownLatch(1);
    gate =
        _ -> {
          waiting.countDown();
          try {
            cancelled.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new CniException(CniErrorCode.TRY_AGAIN, "cancelled");
        };
  }

  synchronized Map<AttachmentKey, Lease> inside() {
    return Map.copyOf(inside);
  }

  @Override
  public void admit(Lease lease) throws CniException {
    gate.pass(lease);
    adopt(lease);
  }

  @Override
  public synchronized void adopt(Lease lease) {
    inside.put(lease.key(), lease);
  }

  @Override
  public void cancel(AttachmentKey key) {
    cancelled.countDown();
  }

  @Override
  public synchronized void dismiss(AttachmentKey key) {
    inside.remove(key);
  }

  @Override
  public void stop() {
    cancelled.countDown();
  }
}
