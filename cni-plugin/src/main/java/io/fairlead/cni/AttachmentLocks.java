package io.fairlead.cni;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each attachment that something is done with, and for no other: one that waits keeps
 * nobody else waiting. Thread-safe.
 */
final class AttachmentLocks {

  private static final class Lock extends ReentrantLock {

    private static final long serialVersionUID = 1;

    /** Who has it or waits for it; changed within {@code compute} only. */
    private int users;
  }

  /** What is done under a lock. */
  interface Action<T> {
    T run() throws CniException;
  }

  private final ConcurrentHashMap<AttachmentKey, Lock> locks = new ConcurrentHashMap<>();

  /** Runs {@code action} while nobody else runs one for {@code key}. */
  <T> T exclusively(AttachmentKey key, Action<T> action) throws CniException {
    Lock lock =
        locks.compute(
            key,
            (_, present) -> {
              Lock used = present == null ? new Lock() : present;
              used.users++;
              return used;
            });
    lock.lock();
    try {
      return action.run();
    } finally {
      lock.unlock();
      locks.computeIfPresent(key, (_, present) -> --present.users == 0 ? null : present);
    }
  }

  /** Whether something is done with the attachment now. */
  boolean isBusy(AttachmentKey key) {
    return locks.containsKey(key);
  }

  /** How many attachments have a lock now. */
  int size() {
    return locks.size();
  }
}
