package io.fairlead.agent.subsystem.policy.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flows that were denied last. Thread-safe. */
public final class FlowLog {

  /** So many are kept. */
  public static final int CAPACITY = 4096;

  private final Deque<DeniedFlow> flows = new ArrayDeque<>();
  private long seen;

  synchronized void add(DeniedFlow flow) {
    if (flows.size() == CAPACITY) {
      flows.removeLast();
    }
    flows.addFirst(flow);
    seen++;
  }

  /** Those that are kept, the latest first. */
  public synchronized List<DeniedFlow> latest() {
    return new ArrayList<>(flows);
  }

  /** The latest, null if there is none. */
  synchronized @Nullable DeniedFlow last() {
    return flows.peekFirst();
  }

  /** How many there were, those included that are not kept any more. */
  synchronized long seen() {
    return seen;
  }
}
