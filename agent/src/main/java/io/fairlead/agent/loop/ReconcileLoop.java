package io.fairlead.agent.loop;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.history.History;
import io.fairlead.agent.history.RoundRecorder;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that touches the kernel. When idle it applies a change at once; what arrives while
 * it is busy goes into the next round together, so there is neither a queue of rounds nor a minimum
 * period. Before the source is in sync, changes are gathered and tasks run, but no subsystem is
 * called.
 *
 * <p>{@link #accept}, {@link #submit}, {@link #reconfigure}, {@link #status} and {@link #queue} may
 * be called from any thread and never block on a round.
 */
public final class ReconcileLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

  private final ChangeQueue queue = new ChangeQueue();
  private final ClusterState state = new ClusterState();
  private final long auditNanos;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final LoopListener listener;
  private final Thread thread;
  private final History history = new History();
  private final RoundRecorder recorder;
  private List<SubsystemRunner> runners = List.of();
  private long nextAudit;
  private long rounds;
  private long arrival;
  private volatile boolean closed;
  private volatile long lastSync;
  private volatile long lastQueued;
  private volatile boolean queued;
  private volatile long lastApplied;
  private volatile boolean applied;
  private volatile long busySince;
  private volatile boolean busy;

  /** When {@code published} was written; before that. */
  private volatile long publishedAt;

  private volatile LoopStatus published =
      new LoopStatus(false, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, List.of());

  /**
   * A loop that drives nothing yet, and gathers changes and tasks for its start.
   *
   * @param auditNanos nanoseconds between audits
   * @param nanoTime the clock, {@code System::nanoTime} but in tests
   * @param random spreads the delays of retries
   */
  public ReconcileLoop(
      long auditNanos, LongSupplier nanoTime, RandomGenerator random, LoopListener listener) {
    this.random = random;
    this.auditNanos = auditNanos;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.recorder = new RoundRecorder(history, nanoTime);
    this.thread = Thread.ofPlatform().name("reconcile").unstarted(this::loop);
  }

  /**
   * Takes the subsystems to drive, in the order in which a round calls them. Only before {@link
   * #start}: subsystems may use the loop from the moment they exist.
   */
  public void drive(List<Subsystem> subsystems) {
    long now = nanoTime.getAsLong();
    runners = subsystems.stream().map(s -> new SubsystemRunner(s, random, recorder, now)).toList();
  }

  public void start() {
    thread.start();
  }

  /** A change in the cluster. */
  public void accept(ObjectChange change) {
    long now = nanoTime.getAsLong();
    lastQueued = now;
    queued = true;
    queue.put(change, now);
  }

  /** Runs {@code task} on the reconciling thread, before the subsystems of its next round. */
  public void submit(Runnable task) {
    queue.put(task);
  }

  /**
   * Answers {@code question} on the reconciling thread, soon. It shows the cluster as it was in the
   * last round, and it is in the way of every change: it must be quick.
   */
  public <T> CompletableFuture<T> ask(Question<T> question) {
    return new OnLoop(this::submit).ask(() -> question.answer(state));
  }

  /** What only the reconciling thread can answer. */
  @FunctionalInterface
  public interface Question<T> {
    T answer(ClusterView view) throws Exception;
  }

  /** Gives a changed configuration to the subsystems. */
  public void reconfigure(AgentConfiguration configuration) {
    submit(() -> {
      for (SubsystemRunner runner : runners) {
        if (runner.subsystem().reconfigure(configuration)) {
          runner.add(DirtyKeys.EVERYTHING, nanoTime.getAsLong());
        }
      }
    });
  }

  /**
   * Marks keys dirty for one subsystem, which has learnt by itself that the kernel is not as it
   * should be. May be called from any thread.
   *
   * @param name of the subsystem; an unknown one is ignored
   */
  public void markDirty(String name, DirtyKeys keys) {
    submit(() ->
        runners.stream()
            .filter(runner -> runner.subsystem().name().equals(name))
            .forEach(runner -> runner.add(keys, nanoTime.getAsLong())));
  }

  /** Lets every subsystem audit the kernel soon, and the next regular audit come later. */
  public void requestAudit() {
    submit(() -> nextAudit = nanoTime.getAsLong());
  }

  /**
   * When the oldest change of the present round came from the source, on the clock; in a round
   * without changes, when it began. For subsystems, while they are called.
   */
  public long arrival() {
    return arrival;
  }

  /** What the last rounds did; from any thread. */
  public History history() {
    return history;
  }

  /**
   * Notes what a subsystem did to the kernel. On the reconciling thread, at the time that it does
   * it; it costs next to nothing.
   *
   * @param operations whose toString tells what was done; kept, so nobody may change them any more
   */
  public void did(String subsystem, List<?> operations) {
    recorder.did(subsystem, operations);
  }

  /** Notes why something is done that no change asks for. On the reconciling thread. */
  public void because(String sentence) {
    recorder.because(sentence);
  }

  private void loop() {
    try {
      long wait = ChangeQueue.FOREVER;
      while (!closed) {
        wait = round(queue.take(wait));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round with what waits now, without waiting. For tests, which have no thread running. */
  long runPending() throws InterruptedException {
    return round(queue.take(0));
  }

  /**
   * @return nanoseconds after which to go on even if nothing arrives
   */
  private long round(ChangeQueue.Batch batch) {
    long begin = nanoTime.getAsLong();
    busySince = begin;
    recorder.begin(begin);
    arrival = batch.changes().isEmpty() ? begin : batch.oldest();
    busy = true;
    try {
      batch.tasks().forEach(ReconcileLoop::run);
      batch.changes().forEach(this::take);
      if (batch.synced()) {
        state.apply(new ObjectChange.Synced());
        nextAudit = begin + auditNanos;
      }
      if (!state.isSynced()) {
        return ChangeQueue.FOREVER;
      }
      return reconcile(begin);
    } finally {
      busy = false;
      publish();
    }
  }

  private void take(ObjectChange change) {
    // Of a slice that goes, only what is known tells whose it was.
    @Nullable ObjectKey service =
        change instanceof ObjectChange.EndpointSliceChanged slice
            ? slice.slice() == null ? state.serviceOf(slice.key()) : slice.slice().service()
            : null;
    recorder.event(change, state.apply(change), service, arrival);
  }

  private long reconcile(long begin) {
    DirtyKeys dirty = state.takeDirty();
    recorder.begin(nanoTime.getAsLong());
    boolean called = false;
    for (SubsystemRunner runner : runners) {
      runner.add(dirty, arrival);
      called |= runner.run(state, begin);
    }
    boolean complete = runners.stream().allMatch(SubsystemRunner::isComplete);
    if (complete) {
      lastApplied = nanoTime.getAsLong();
      applied = true;
    }
    if (called || !dirty.isEmpty() || rounds == 0) {
      rounds++;
      lastSync = nanoTime.getAsLong();
      listener.round(dirty.size(), lastSync - begin, complete);
      recorder.committed(lastSync);
    }
    long now = nanoTime.getAsLong();
    if (now - nextAudit >= 0) {
      audit(now);
      now = nanoTime.getAsLong();
      nextAudit = now + auditNanos;
    }
    long wait = nextAudit - now;
    for (SubsystemRunner runner : runners) {
      wait = Math.min(wait, runner.dueIn(now));
    }
    recorder.end();
    return wait;
  }

  private void audit(long now) {
    recorder.audit(true);
    for (SubsystemRunner runner : runners) {
      runner.audit(state, now);
    }
    recorder.audit(false);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task of the reconciling thread failed unexpectedly; please report it", e);
    }
  }

  private void publish() {
    long now = nanoTime.getAsLong();
    publishedAt = now;
    published =
        new LoopStatus(
            state.isSynced(),
            state.services().size(),
            state.sliceCount(),
            state.nodes().size(),
            state.pods().size(),
            state.namespaces().size(),
            state.networkPolicies().size(),
            0,
            rounds,
            0,
            0,
            runners.stream().map(runner -> runner.status(now)).toList());
  }

  public LoopStatus status() {
    LoopStatus last = published;
    long now = nanoTime.getAsLong();
    return new LoopStatus(
        last.synced(),
        last.services(),
        last.endpointSlices(),
        last.nodes(),
        last.pods(),
        last.namespaces(),
        last.networkPolicies(),
        queue.depth(),
        last.rounds(),
        last.rounds() == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(now - lastSync),
        busy ? TimeUnit.NANOSECONDS.toMillis(now - busySince) : 0,
        last.subsystems().stream()
            .map(subsystem -> subsystem.after(TimeUnit.NANOSECONDS.toMillis(now - publishedAt)))
            .toList());
  }

  /** How far the kernel is behind the cluster. */
  public QueueStatus queue() {
    long now = nanoTime.getAsLong();
    return queue.status(
        now,
        queued ? TimeUnit.NANOSECONDS.toMillis(now - lastQueued) : -1,
        applied ? TimeUnit.NANOSECONDS.toMillis(now - lastApplied) : -1);
  }

  /** Whether the thread runs; false before the start, after the end, and if it died. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Ends after the present round. The kernel stays as it is. */
  @Override
  public void close() {
    closed = true;
    queue.wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
