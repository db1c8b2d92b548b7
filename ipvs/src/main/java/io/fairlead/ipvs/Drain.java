package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Knows which real servers only wait for their connections to end, and when to look at them next:
 * the kernel does not tell, so that it is asked ever more rarely. All times are those of {@link
 * System#nanoTime}. Not thread-safe.
 */
final class Drain {

  private static final long SECOND = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 60 * SECOND;

  private final long patience;
  private final Map<VirtualServerId, Waiting> waiting = new HashMap<>();

  /** Nobody is to be looked at before; only of use while somebody waits. */
  private long earliest;

  /** Real servers of one virtual server, each with its deadline. */
  private static final class Waiting {

    private final Map<RealServerId, Long> deadlines = new HashMap<>();
    private long pause = SECOND;
    private long next;
  }

  /**
   * @param seconds how long a real server may wait
   */
  Drain(int seconds) {
    patience = seconds * SECOND;
  }

  /**
   * Replaces the real servers of a virtual server that drain. Those that did already keep their
   * deadlines.
   *
   * @param now the time
   */
  void set(VirtualServerId id, Set<RealServerId> realServers, long now) {
    boolean isFirst = waiting.isEmpty();
    if (realServers.isEmpty()) {
      waiting.remove(id);
      return;
    }
    Waiting known = waiting.computeIfAbsent(id, _ -> new Waiting());
    known.deadlines.keySet().retainAll(realServers);
    boolean isNew = false;
    for (RealServerId realServer : realServers) {
      isNew |= known.deadlines.putIfAbsent(realServer, now + patience) == null;
    }
    if (isNew) {
      known.pause = SECOND;
      schedule(known, now);
      earliest = isFirst || known.next - earliest < 0 ? known.next : earliest;
    }
  }

  private static void schedule(Waiting waiting, long now) {
    long next = now + waiting.pause;
    for (long deadline : waiting.deadlines.values()) {
      next = deadline - next < 0 ? deadline : next;
    }
    waiting.next = next;
  }

  /** The virtual servers to look at now; each is looked at later again. */
  List<VirtualServerId> takeDue(long now) {
    List<VirtualServerId> due = new ArrayList<>();
    waiting.forEach((id, one) -> {
      if (one.next - now <= 0) {
        due.add(id);
        one.pause = Math.min(one.pause * 2, LONGEST_PAUSE);
        schedule(one, now);
      }
    });
    due.sort(null);
    long shortest = LONGEST_PAUSE;
    for (Waiting one : waiting.values()) {
      shortest = Math.min(shortest, one.next - now);
    }
    earliest = now + shortest;
    return due;
  }

  boolean isDue(long now) {
    return !waiting.isEmpty() && earliest - now <= 0;
  }

  /** Nanoseconds until the next look; negative if it is late, {@link Long#MAX_VALUE} for never. */
  long untilNext(long now) {
    return waiting.isEmpty() ? Long.MAX_VALUE : earliest - now;
  }

  /** Whether a real server that drains has had its time. */
  boolean isExpired(VirtualServerId id, RealServerId realServer, long now) {
    Waiting known = waiting.get(id);
    Long deadline = known == null ? null : known.deadlines.get(realServer);
    return deadline != null && deadline - now <= 0;
  }

  /** Forgets virtual servers that are gone. */
  void retain(Set<VirtualServerId> present) {
    waiting.keySet().retainAll(present);
  }

  /** How many real servers drain. */
  int size() {
    return waiting.values().stream().mapToInt(one -> one.deadlines.size()).sum();
  }
}
