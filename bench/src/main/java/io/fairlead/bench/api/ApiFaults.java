package io.fairlead.bench.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is to go wrong from now on; nothing at first. Everything can be changed while clients are
 * connected. Thread-safe.
 */
public final class ApiFaults {

  /** How a watch that asks for forgotten history learns of it; real servers do either. */
  public enum Gone {
    /** HTTP status 410. */
    STATUS,
    /** HTTP status 200 and one event of type ERROR. */
    EVENT
  }

  private volatile Gone gone = Gone.EVENT;
  private volatile int failure;
  private volatile Duration watchDelay = Duration.ZERO;
  private boolean stalled;
  private long drops;

  ApiFaults() {}

  public ApiFaults gone(Gone value) {
    gone = value;
    return this;
  }

  Gone gone() {
    return gone;
  }

  /** Answers every request with this HTTP status, such as 503 or 429; 0 ends it. */
  public ApiFaults failRequests(int status) {
    failure = status;
    return this;
  }

  int failure() {
    return failure;
  }

  /** Sends each event this much later than the change that caused it. */
  public ApiFaults watchDelay(Duration delay) {
    watchDelay = delay;
    return this;
  }

  Duration watchDelay() {
    return watchDelay;
  }

  /** Sends nothing more on any watch, bookmarks included, without closing one; false goes on. */
  public synchronized ApiFaults stallWatches(boolean stall) {
    stalled = stall;
    notifyAll();
    return this;
  }

  /** Cuts the connection of every watch that is open now, in the middle of its stream. */
  public synchronized ApiFaults dropWatches() {
    drops++;
    notifyAll();
    return this;
  }

  /** How often watches were dropped; a watch that sees it rise must break off. */
  synchronized long drops() {
    return drops;
  }

  /** Waits out a stall, but no longer than {@code milliseconds}. Returns whether it is over. */
  synchronized boolean awaitGoing(long dropsSeen, long milliseconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (stalled && drops == dropsSeen && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
    }
    return !stalled;
  }
}
