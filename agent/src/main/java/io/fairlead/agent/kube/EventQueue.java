package io.fairlead.agent.kube;

import io.fairlead.agent.source.ObjectReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be told as Events: equal reports are one, which is told again after five minutes at
 * the soonest, and all together no more than 25 at once and ten a minute. It never holds more than
 * a thousand: what comes while as many wait is forgotten. Times are nanoseconds of any one clock.
 * Thread-safe.
 */
final class EventQueue {

  static final int MOST = 1000;
  static final int BURST = 25;
  static final long TOKEN_PERIOD = TimeUnit.SECONDS.toNanos(6);
  static final long REPEAT_PERIOD = TimeUnit.MINUTES.toNanos(5);

  /** One thing to tell of one object. */
  record Report(ObjectReference object, String reason, String sentence) {}

  /**
   * A report to tell now.
   *
   * @param times it was reported since it was last told
   */
  record Due(Report report, int times) {}

  private static final class State {
    private int times;
    private boolean told;
    private long toldAt;
  }

  private final Map<Report, State> states = new LinkedHashMap<>();
  private int tokens = BURST;
  private long tokensAt;

  EventQueue(long now) {
    tokensAt = now;
  }

  synchronized void add(Report report) {
    State state = states.get(report);
    if (state == null) {
      if (states.size() >= MOST && !forgetTold()) {
        return;
      }
      state = new State();
      states.put(report, state);
    }
    state.times++;
  }

  /** Forgets the oldest that has been told; whether there was one. */
  private boolean forgetTold() {
    for (Iterator<State> each = states.values().iterator(); each.hasNext(); ) {
      if (each.next().times == 0) {
        each.remove();
        return true;
      }
    }
    return false;
  }

  /** The next report that may be told now; null if there is none. It stays due until told. */
  synchronized @Nullable Due next(long now) {
    refill(now);
    if (tokens > 0) {
      for (Map.Entry<Report, State> entry : states.entrySet()) {
        if (entry.getValue().times > 0 && delay(entry.getValue(), now) <= 0) {
          return new Due(entry.getKey(), entry.getValue().times);
        }
      }
    }
    return null;
  }

  /** Nanoseconds until {@link #next} has one; -1 if nothing waits. */
  synchronized long delay(long now) {
    refill(now);
    long soonest = -1;
    for (State state : states.values()) {
      if (state.times > 0) {
        long delay = Math.max(0, delay(state, now));
        soonest = soonest < 0 ? delay : Math.min(soonest, delay);
      }
    }
    return soonest < 0 || tokens > 0 ? soonest : Math.max(soonest, tokensAt + TOKEN_PERIOD - now);
  }

  private static long delay(State state, long now) {
    return state.told ? state.toldAt + REPEAT_PERIOD - now : 0;
  }

  private void refill(long now) {
    long due = (now - tokensAt) / TOKEN_PERIOD;
    if (due > 0) {
      tokens = (int) Math.min(BURST, tokens + due);
      tokensAt += due * TOKEN_PERIOD;
    }
  }

  /** A due report was told, or is not to be told. */
  synchronized void done(Due due, long now) {
    State state = states.get(due.report());
    if (state != null) {
      state.times = Math.max(0, state.times - due.times());
      state.told = true;
      state.toldAt = now;
    }
    tokens = Math.max(0, tokens - 1);
  }
}
