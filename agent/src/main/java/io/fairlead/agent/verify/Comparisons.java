package io.fairlead.agent.verify;

import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.dataplane.evidence.Comparison;
import java.util.concurrent.CompletableFuture;

/**
 * Compares on the reconciling thread, one subsystem at a time, so that changes come between. What
 * differs is looked at again when that thread has been through all that waited: what was only about
 * to be applied is no drift. Thread-safe.
 */
final class Comparisons {

  private final ReconcileLoop loop;

  Comparisons(ReconcileLoop loop) {
    this.loop = loop;
  }

  /**
   * Fails as long as there is nothing to compare with.
   *
   * @throws RefusedException until everything was applied once
   */
  void requireApplied() throws RefusedException {
    if (!loop.status().synced() || loop.status().rounds() == 0) {
      throw new RefusedException(
          "The agent has not read the whole cluster yet, so it cannot be told what should be in the"
              + " kernel. See `fairlead status`, and ask again");
    }
  }

  /** Compares one subsystem; fails with an IOException if it cannot be told. */
  CompletableFuture<Comparison> compare(Verifiable subsystem) {
    return look(subsystem)
        .thenCompose(first ->
            first.isClean()
                ? CompletableFuture.completedFuture(first)
                : settled()
                    .thenCompose(_ -> look(subsystem))
                    .thenApply(second -> second.only(first.differences())));
  }

  private CompletableFuture<Comparison> look(Verifiable subsystem) {
    return loop.ask(subsystem::verify);
  }

  /** Completed when all that waits now, and what follows from it, has been applied. */
  CompletableFuture<Void> settled() {
    // Tasks run before the subsystems of their round; what they mark is applied in the next one.
    return loop.ask(_ -> true)
        .thenCompose(_ -> loop.ask(_ -> true))
        .thenCompose(_ -> loop.ask(_ -> true))
        .thenApply(_ -> null);
  }
}
