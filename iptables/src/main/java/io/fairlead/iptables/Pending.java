package io.fairlead.iptables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Results that may come after the commit that asked for them has returned; on any thread, while all
 * methods are for one thread at a time.
 */
final class Pending {

  private final Runnable refused;
  private final AtomicReference<@Nullable Throwable> late = new AtomicReference<>();

  /** Everything since the kernel was last read, in one. */
  private CompletableFuture<Void> all = CompletableFuture.completedFuture(null);

  /**
   * @param refused run, by any thread, at each refusal that comes late
   */
  Pending(Runnable refused) {
    this.refused = refused;
  }

  /** The last refusal that came late, until everything since then is in the kernel. */
  private @Nullable IOException unresolved;

  /** Fails with a refusal that came late, once. */
  void check() throws IOException {
    Throwable failure = late.getAndSet(null);
    if (failure != null) {
      IOException refusal = asIoException(failure);
      unresolved = refusal;
      throw refusal;
    }
  }

  /** Fails while what was refused before is only being tried again. */
  void confirmRecovery() throws IOException {
    IOException refusal = unresolved;
    if (refusal != null) {
      if (!all.isDone() || all.isCompletedExceptionally()) {
        throw new IOException(refusal.getMessage(), refusal);
      }
      unresolved = null;
    }
  }

  /** Fails with the first refusal among those that are known, and watches for the others. */
  void add(List<CompletableFuture<Void>> results) throws IOException {
    List<CompletableFuture<Void>> joined = new ArrayList<>(results);
    joined.add(all);
    all = CompletableFuture.allOf(joined.toArray(CompletableFuture[]::new));
    IOException known = null;
    for (CompletableFuture<Void> result : results) {
      if (!result.isDone()) {
        CompletableFuture<Void> _ =
            result.whenComplete((_, failure) -> {
              if (failure != null) {
                late.compareAndSet(null, failure);
                refused.run();
              }
            });
      } else if (result.isCompletedExceptionally() && known == null) {
        known = asIoException(result.exceptionNow());
      }
    }
    if (known != null) {
      throw known;
    }
  }

  /** What the kernel was found to hold makes up for all results before. */
  void forget() {
    all = CompletableFuture.completedFuture(null);
  }

  /** Runs the task at once or, by any thread, after the last result; never after a refusal. */
  void whenDone(Runnable task) {
    if (!all.isDone()) {
      CompletableFuture<Void> _ = all.thenRun(task);
    } else if (!all.isCompletedExceptionally()) {
      task.run();
    }
  }

  private static IOException asIoException(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return new IOException(
        "iptables: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()), cause);
  }
}
