package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.service.ServiceChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Tells of changes once the kernel holds them: at once where a commit is complete when it returns.
 * Where it is not, commits are told of one by one as the kernel confirms them; what was refused is
 * told of together with the commit that made up for it. Used by the reconciling thread only, but
 * for the confirmations themselves.
 */
final class Confirmations {

  /** Changes that wait, and the Services as they were when these were committed. */
  private static final class Commit {
    final UncommittedChanges changes = new UncommittedChanges();
    final CommittedView view;

    Commit(ClusterView now) {
      view = new CommittedView(now);
    }

    /** Takes over those of an earlier commit. */
    void takeOver(Commit earlier) {
      List<ServiceChange> own = changes.take();
      earlier.changes.take().forEach(changes::add);
      own.forEach(changes::add);
      view.takeOver(earlier.view);
    }
  }

  private final Consumer<Runnable> whenInKernel;
  private final Consumer<Runnable> reconciling;
  private final BiConsumer<List<ServiceChange>, ClusterView> followers;

  /**
   * Two at most: the oldest is told of in its turn, however fast others follow, and those are
   * joined, however long the kernel takes.
   */
  private final Deque<Commit> waiting = new ArrayDeque<>();

  /**
   * @param whenInKernel as {@link ServiceBackends#whenInKernel}
   * @param reconciling runs a task on the reconciling thread, later; may be called by any thread
   * @param followers told as {@link ServiceFollower#committed} is
   */
  Confirmations(
      Consumer<Runnable> whenInKernel,
      Consumer<Runnable> reconciling,
      BiConsumer<List<ServiceChange>, ClusterView> followers) {
    this.whenInKernel = whenInKernel;
    this.reconciling = reconciling;
    this.followers = followers;
  }

  /** A commit has returned. */
  void committed(List<ServiceChange> changes, ClusterView view) {
    Commit commit = new Commit(view);
    changes.forEach(commit.changes::add);
    waiting.addLast(commit);
    ask(commit);
    if (!waiting.isEmpty()) {
      // Read before the cluster changes; where nothing waits, it need not be copied.
      commit.view.keep(changes);
      join();
    }
  }

  /** A commit without changes has returned, which may make up for one that was refused. */
  void askAgain() {
    if (!waiting.isEmpty()) {
      ask(waiting.getLast());
    }
  }

  private void ask(Commit commit) {
    Thread caller = Thread.currentThread();
    whenInKernel.accept(() -> {
      if (Thread.currentThread().equals(caller)) {
        confirmed(commit);
      } else {
        reconciling.accept(() -> confirmed(commit));
      }
    });
  }

  private void join() {
    if (waiting.size() > 2) {
      Commit last = waiting.removeLast();
      last.takeOver(waiting.removeLast());
      waiting.addLast(last);
    }
  }

  /** The kernel holds this commit, and so those before it. */
  private void confirmed(Commit commit) {
    if (!waiting.contains(commit)) {
      return; // Told of together with a later one.
    }
    Commit told = waiting.removeFirst();
    while (told != commit) {
      Commit next = waiting.removeFirst();
      next.takeOver(told);
      told = next;
    }
    followers.accept(told.changes.take(), told.view);
  }
}
