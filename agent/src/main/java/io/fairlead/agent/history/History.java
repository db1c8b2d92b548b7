package io.fairlead.agent.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The last rounds that did something: at most 1,000, and about a mebibyte of them. Thread-safe; one
 * thread adds.
 */
public final class History {

  /** So many rounds are kept. */
  public static final int CAPACITY = 1000;

  private static final int MOST_BYTES = 1 << 20;

  private final int mostBytes;
  private final Deque<Round> rounds = new ArrayDeque<>();
  private final CopyOnWriteArrayList<Consumer<Round>> followers = new CopyOnWriteArrayList<>();
  private long seen;
  private long bytes;

  /** An empty one. */
  public History() {
    this(MOST_BYTES);
  }

  History(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The number of the round that is added next. */
  synchronized long next() {
    return seen + 1;
  }

  void add(Round round) {
    synchronized (this) {
      seen++;
      bytes += round.weight();
      rounds.addLast(round);
      while (rounds.size() > CAPACITY || (bytes > mostBytes && rounds.size() > 1)) {
        bytes -= rounds.removeFirst().weight();
      }
    }
    followers.forEach(follower -> follower.accept(round));
  }

  /** Those that are kept and wanted, the latest last. */
  public List<Round> rounds(Predicate<Round> wanted) {
    List<Round> all;
    synchronized (this) {
      all = new ArrayList<>(rounds);
    }
    return all.stream().filter(wanted).toList();
  }

  /** How many there were that are not kept any more. */
  public synchronized long forgotten() {
    return seen - rounds.size();
  }

  /**
   * Hands over every round from now on, on the reconciling thread, until what is returned is
   * closed. {@code follower} must be quick.
   */
  public AutoCloseable follow(Consumer<Round> follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }
}
