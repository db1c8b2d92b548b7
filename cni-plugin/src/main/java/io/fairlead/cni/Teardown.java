package io.fairlead.cni;

import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.protocol.AttachmentKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the links of attachments that were asked to go, and frees what they held once they are
 * gone. The kernel waits for grace periods with each request, tens of milliseconds, and takes much
 * less for fifty links in one request than for one after the other, so nobody waits for it: what
 * comes while it works goes into the next batch. What the kernel refuses is tried again, ever more
 * seldom. Thread-safe.
 */
final class Teardown implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);

  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(3);

  private final BridgeNetwork network;
  private final AddressPool pool;
  private final PodAdmission admission;
  private final List<AttachmentRules> rules;
  private final ReentrantLock lock = new ReentrantLock();

  /** Something was submitted, tried, or closed. */
  private final Condition changed = lock.newCondition();

  private final Map<AttachmentKey, Leaving> leaving = new LinkedHashMap<>();
  private final Thread thread = new Thread(this::run, "cni-teardown");
  private long gone;
  private boolean started;
  private boolean closing;

  /** How it stands with one attachment; guarded by the lock. */
  private static final class Leaving {
    private int attempts;
    private long due = System.nanoTime();
    private @Nullable IOException failure;
  }

  /**
   * @param rules that forget an attachment once its link is gone, in this order
   */
  Teardown(
      BridgeNetwork network,
      AddressPool pool,
      PodAdmission admission,
      List<AttachmentRules> rules) {
    this.network = network;
    this.pool = pool;
    this.admission = admission;
    this.rules = List.copyOf(rules);
    thread.setDaemon(true);
  }

  /** Has the links of an attachment removed, soon; its lease, if any, must be retired already. */
  void submit(AttachmentKey key) {
    lock.lock();
    try {
      leaving.computeIfAbsent(key, _ -> new Leaving());
      if (!started && !closing) {
        started = true;
        thread.start();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether an attachment was submitted and is not gone yet. */
  boolean isLeaving(AttachmentKey key) {
    lock.lock();
    try {
      return leaving.containsKey(key);
    } finally {
      lock.unlock();
    }
  }

  /** Those that were submitted and are not gone yet, and hold what they held. */
  Set<AttachmentKey> leaving() {
    lock.lock();
    try {
      return Set.copyOf(leaving.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** How many are gone since the start. */
  long gone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until more are gone than {@code before}.
   *
   * @return false if that will not be soon: nothing is being removed, or the kernel refuses it
   */
  boolean awaitMoreThan(long before, Duration patience) {
    return await(() -> gone > before || !isHopeful(), patience) && gone() > before;
  }

  private boolean isHopeful() {
    return leaving.values().stream().anyMatch(each -> each.attempts == 0);
  }

  /** Waits until an attachment is gone; returns whether it is. */
  boolean awaitGone(AttachmentKey key, Duration patience) {
    return await(() -> !leaving.containsKey(key), patience);
  }

  /**
   * Waits until each of these is gone or was refused once.
   *
   * @return why those are not gone that are not; null for one that the kernel still works at
   */
  Map<AttachmentKey, @Nullable IOException> awaitAttempt(
      Collection<AttachmentKey> keys, Duration patience) {
    await(
        () -> keys.stream().map(leaving::get).allMatch(each -> each == null || each.attempts > 0),
        patience);
    Map<AttachmentKey, @Nullable IOException> left = new LinkedHashMap<>();
    lock.lock();
    try {
      for (AttachmentKey key : keys) {
        Leaving each = leaving.get(key);
        if (each != null) {
          left.put(key, each.failure);
        }
      }
    } finally {
      lock.unlock();
    }
    return left;
  }

  /** Waits until all are gone; returns whether they are. */
  boolean awaitAll(Duration patience) {
    return await(leaving::isEmpty, patience);
  }

  private boolean await(BooleanSupplier condition, Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean last = false;
    while (!last) {
      List<AttachmentKey> batch = new ArrayList<>();
      lock.lock();
      try {
        while (!closing && !takeDue(batch)) {
          changed.awaitNanos(untilNext());
        }
        if (closing) {
          last = true; // What fails now is left to the next start, by the journal.
          batch = List.copyOf(leaving.keySet());
        }
      } catch (InterruptedException e) {
        return; // Nobody interrupts it.
      } finally {
        lock.unlock();
      }
      tearDown(batch);
    }
  }

  private boolean takeDue(List<AttachmentKey> batch) {
    long now = System.nanoTime();
    leaving.forEach((key, each) -> {
      if (each.due - now <= 0) {
        batch.add(key);
      }
    });
    return !batch.isEmpty();
  }

  /** Nanoseconds until something is due again. */
  private long untilNext() {
    long now = System.nanoTime();
    return leaving.values().stream().mapToLong(each -> each.due - now).min().orElse(Long.MAX_VALUE);
  }

  private void tearDown(List<AttachmentKey> batch) {
    Map<AttachmentKey, IOException> refused = new LinkedHashMap<>();
    try {
      refused.putAll(network.remove(batch));
    } catch (IOException e) {
      batch.forEach(key -> refused.put(key, e));
    } catch (RuntimeException e) {
      LOG.error("The links of {} could not be removed.", batch, e);
      batch.forEach(key -> refused.put(key, new IOException(e)));
    }
    for (AttachmentKey key : batch) {
      IOException failure = refused.get(key);
      if (failure == null) {
        free(key);
      }
      conclude(key, failure);
    }
  }

  private void free(AttachmentKey key) {
    for (AttachmentRules each : rules) {
      try {
        each.forget(key);
      } catch (RuntimeException e) {
        LOG.error("The rules of {} could not be forgotten.", key, e);
      }
    }
    admission.dismiss(key);
    pool.release(key);
    LOG.debug("Removed {}.", key);
  }

  private void conclude(AttachmentKey key, @Nullable IOException failure) {
    lock.lock();
    try {
      if (failure == null) {
        leaving.remove(key);
        gone++;
      } else {
        Leaving each = leaving.computeIfAbsent(key, _ -> new Leaving());
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(each.attempts, 10));
        delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
        each.attempts++;
        each.failure = failure;
        each.due = System.nanoTime() + delay.toNanos();
        LOG.warn(
            "The links of {} cannot be removed: {}; tried again in {} ms.",
            key,
            failure.getMessage(),
            delay.toMillis());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes what is left, without trying twice and within seconds; the rest is removed by the next
   * agent.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (started && !thread.join(PATIENCE_AT_CLOSE)) {
        LOG.warn("The kernel still removes the links of pods; the next agent takes care of them.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
