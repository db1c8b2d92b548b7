package io.fairlead.agent.loop;

import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the reconciling thread. Changes of one object collapse into the latest, so that
 * the queue never holds more than one per object, however long the thread is busy; tasks keep their
 * order. Any thread puts, one takes.
 */
final class ChangeQueue {

  private enum Kind {
    SERVICE,
    ENDPOINT_SLICE,
    NODE,
    POD,
    NAMESPACE,
    NETWORK_POLICY
  }

  private record Id(Kind kind, ObjectKey key) {}

  /**
   * What one round begins with.
   *
   * @param synced whether the source said so; it holds for all of {@code changes}
   * @param oldest when the first of the changes was put; without changes it means nothing
   */
  record Batch(List<ObjectChange> changes, boolean synced, List<Runnable> tasks, long oldest) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Map<Kind, QueueStatus.Changes> counts = new EnumMap<>(Kind.class);
  private Map<Id, ObjectChange> changes = new LinkedHashMap<>();
  private List<Runnable> tasks = new ArrayList<>();
  private boolean synced;
  private boolean woken;
  private long oldest;

  /** Puts a change that came at {@code now}. */
  void put(ObjectChange change, long now) {
    lock.lock();
    try {
      if (changes.isEmpty()) {
        oldest = now;
      }
      switch (change) {
        case ObjectChange.ServiceChanged service ->
            put(new Id(Kind.SERVICE, service.key()), change);
        case ObjectChange.EndpointSliceChanged slice ->
            put(new Id(Kind.ENDPOINT_SLICE, slice.key()), change);
        case ObjectChange.NodeChanged node ->
            put(new Id(Kind.NODE, ObjectKey.cluster(node.name())), change);
        case ObjectChange.PodChanged pod -> put(new Id(Kind.POD, pod.key()), change);
        case ObjectChange.NamespaceChanged namespace ->
            put(new Id(Kind.NAMESPACE, ObjectKey.cluster(namespace.name())), change);
        case ObjectChange.NetworkPolicyChanged policy ->
            put(new Id(Kind.NETWORK_POLICY, policy.key()), change);
        case ObjectChange.Synced _ -> synced = true;
      }
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void put(Id id, ObjectChange change) {
    QueueStatus.Changes before = changes(id.kind());
    int more = changes.put(id, change) == null ? 1 : 0;
    counts.put(id.kind(), new QueueStatus.Changes(before.pending() + more, before.total() + 1));
  }

  void put(Runnable task) {
    lock.lock();
    try {
      tasks.add(task);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Makes a waiting {@link #take} return at once. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What waits of each kind, beside times that only the loop knows.
   *
   * @param now on the clock of the changes
   */
  QueueStatus status(long now, long millisecondsSinceQueued, long millisecondsSinceApplied) {
    lock.lock();
    try {
      return new QueueStatus(
          changes(Kind.SERVICE),
          changes(Kind.ENDPOINT_SLICE),
          changes(Kind.NODE),
          changes(Kind.POD),
          changes(Kind.NAMESPACE),
          changes(Kind.NETWORK_POLICY),
          millisecondsSinceQueued,
          millisecondsSinceApplied,
          changes.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(now - oldest));
    } finally {
      lock.unlock();
    }
  }

  private QueueStatus.Changes changes(Kind kind) {
    return counts.getOrDefault(kind, new QueueStatus.Changes(0, 0));
  }

  int depth() {
    lock.lock();
    try {
      return changes.size() + tasks.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Everything that waits. If that is nothing, waits for something, at most {@code nanoseconds}.
   */
  Batch take(long nanoseconds) throws InterruptedException {
    lock.lock();
    try {
      long left = nanoseconds;
      while (changes.isEmpty() && tasks.isEmpty() && !synced && !woken && left > 0) {
        left = filled.awaitNanos(left);
      }
      Batch batch = new Batch(List.copyOf(changes.values()), synced, tasks, oldest);
      changes = new LinkedHashMap<>();
      counts.replaceAll((_, count) -> new QueueStatus.Changes(0, count.total()));
      tasks = new ArrayList<>();
      synced = false;
      woken = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Long enough to mean for ever, short enough not to overflow. */
  static final long FOREVER = TimeUnit.DAYS.toNanos(365);
}
