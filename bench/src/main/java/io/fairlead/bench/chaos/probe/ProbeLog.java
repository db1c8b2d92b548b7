package io.fairlead.bench.chaos.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a probe saw: how often all was well, when last, and every incident. Thread-safe.
 *
 * <p>Incidents are kept up to a number; those beyond are counted.
 */
public final class ProbeLog {

  private static final int MOST = 100_000;

  private final String name;
  private final String purpose;
  private final AtomicLong successes = new AtomicLong();
  private volatile long lastSuccess;
  private volatile long lastIncident = Long.MIN_VALUE;
  private final List<Incident> incidents = new ArrayList<>();
  private long unlisted;

  /**
   * @param purpose what it does, for the report
   */
  public ProbeLog(String name, String purpose) {
    this.name = name;
    this.purpose = purpose;
  }

  public String name() {
    return name;
  }

  public String purpose() {
    return purpose;
  }

  /** All was well once more; {@code nanos} is when it began to be tried, by System.nanoTime. */
  public void success(long nanos) {
    lastSuccess = nanos;
    successes.incrementAndGet();
  }

  public void incident(Effect effect, long startNanos, long endNanos, String words) {
    lastIncident = endNanos;
    synchronized (incidents) {
      if (incidents.size() < MOST) {
        incidents.add(new Incident(name, effect, startNanos, endNanos, words));
      } else {
        unlisted++;
      }
    }
  }

  public long successes() {
    return successes.get();
  }

  /** When the last success began. */
  public long lastSuccess() {
    return lastSuccess;
  }

  /** When the last incident ended; Long.MIN_VALUE if there was none. */
  public long lastIncident() {
    return lastIncident;
  }

  /** All incidents so far, in the order in which they were noticed. */
  public List<Incident> incidents() {
    synchronized (incidents) {
      return List.copyOf(incidents);
    }
  }

  /** Incidents that were too many to be kept. */
  public long unlisted() {
    synchronized (incidents) {
      return unlisted;
    }
  }
}
