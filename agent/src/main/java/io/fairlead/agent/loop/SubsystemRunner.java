package io.fairlead.agent.loop;

import io.fairlead.agent.history.RoundRecorder;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subsystem with what is left to do for it. Fresh keys are applied at once; failed ones wait,
 * from 100 ms doubling to 30 s, each delay spread by a fifth to either side. Used by the
 * reconciling thread only.
 */
final class SubsystemRunner {

  private static final Logger LOG = LoggerFactory.getLogger(SubsystemRunner.class);
  private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(30);

  private final Subsystem subsystem;
  private final RandomGenerator random;
  private final RoundRecorder recorder;
  private DirtyKeys fresh = DirtyKeys.EVERYTHING;
  private DirtyKeys failed = DirtyKeys.NONE;
  private int attempts;
  private long retryAt;
  private long failures;
  private @Nullable String problem;

  /** When it last had nothing left to do, on the clock. */
  private long syncedAt;

  private boolean synced;

  /** When the oldest of what is left to do came; means nothing without any. */
  private long pendingSince;

  /**
   * @param now the clock's nanoseconds
   */
  SubsystemRunner(Subsystem subsystem, RandomGenerator random, RoundRecorder recorder, long now) {
    this.subsystem = subsystem;
    this.random = random;
    this.recorder = recorder;
    this.pendingSince = now;
  }

  Subsystem subsystem() {
    return subsystem;
  }

  /**
   * Adds keys.
   *
   * @param now the clock's nanoseconds
   */
  void add(DirtyKeys dirty, long now) {
    if (isComplete() && !dirty.isEmpty()) {
      pendingSince = now;
    }
    fresh = fresh.plus(dirty);
  }

  /**
   * Applies what is due.
   *
   * @param now the clock's nanoseconds
   * @return whether the subsystem was called
   */
  boolean run(ClusterView view, long now) {
    boolean retryDue = !failed.isEmpty() && now - retryAt >= 0;
    DirtyKeys keys = retryDue ? fresh.plus(failed) : fresh;
    if (keys.isEmpty()) {
      return false;
    }
    fresh = DirtyKeys.NONE;
    failed = failed.minus(keys);
    try {
      subsystem.apply(view, keys);
      recorder.returned(subsystem.name(), null);
      if (failed.isEmpty()) {
        recovered();
        synced = true;
        syncedAt = now;
      }
    } catch (SubsystemException e) {
      failed(e.failed().isEmpty() ? keys : e.failed(), String.valueOf(e.getMessage()), now);
      LOG.debug("{} failed", subsystem.name(), e);
    } catch (RuntimeException e) {
      failed(keys, "unexpectedly: " + e, now);
      LOG.error("{} met an error that nobody foresaw; please report it", subsystem.name(), e);
    }
    return true;
  }

  private void recovered() {
    if (problem != null) {
      LOG.info("{} works again", subsystem.name());
    }
    problem = null;
    attempts = 0;
  }

  private void failed(DirtyKeys keys, String sentence, long now) {
    failed = failed.plus(keys);
    failures++;
    long delay = attempts >= 20 ? LONGEST_DELAY : Math.min(LONGEST_DELAY, FIRST_DELAY << attempts);
    attempts++;
    retryAt = now + (long) (delay * (0.8 + 0.4 * random.nextDouble()));
    if (!sentence.equals(problem)) {
      LOG.atError()
          .addKeyValue("subsystem", subsystem.name())
          .addKeyValue("keys", keys.size())
          .log("{} failed, and is retried: {}", subsystem.name(), sentence);
    }
    problem = sentence;
    recorder.returned(subsystem.name(), sentence);
  }

  /** Repairs drift; keys that could not be repaired are tried again like any others. */
  void audit(ClusterView view, long now) {
    try {
      subsystem.audit(view);
      recorder.returned(subsystem.name(), null);
      if (isComplete()) {
        synced = true;
        syncedAt = now;
      }
    } catch (SubsystemException e) {
      DirtyKeys keys = e.failed().isEmpty() ? DirtyKeys.EVERYTHING : e.failed();
      if (isComplete()) {
        pendingSince = now;
      }
      failed(keys, "the audit: " + e.getMessage(), now);
    } catch (RuntimeException e) {
      failures++;
      LOG.error("The audit of {} met an error that nobody foresaw", subsystem.name(), e);
    }
  }

  /** Nanoseconds until failed keys are due, or {@link ChangeQueue#FOREVER} if none are. */
  long dueIn(long now) {
    return failed.isEmpty() ? ChangeQueue.FOREVER : Math.max(0, retryAt - now);
  }

  /** Whether everything that was asked for has been applied. */
  boolean isComplete() {
    return fresh.isEmpty() && failed.isEmpty();
  }

  /**
   * How it is doing.
   *
   * @param now the clock's nanoseconds
   */
  SubsystemStatus status(long now) {
    return new SubsystemStatus(
        subsystem.name(),
        problem,
        failed.size(),
        fresh.size() + failed.size(),
        synced ? TimeUnit.NANOSECONDS.toMillis(now - syncedAt) : -1,
        isComplete() ? 0 : TimeUnit.NANOSECONDS.toMillis(now - pendingSince),
        failures,
        subsystem.status());
  }
}
