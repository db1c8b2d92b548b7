package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.probe.Effect;
import io.fairlead.bench.chaos.probe.Incident;

/**
 * A fault that happened. Times are by System.nanoTime.
 *
 * @param deed what was done, in words
 * @param startNanos before it was done
 * @param undoneNanos when its cause was over
 * @param convergedNanos when everything was as it should be again, or was given up
 * @param skipped why it could not be done here, as a sentence; empty if it was
 * @param trouble what was still wrong when it was given up, as a sentence; empty if nothing was
 */
public record FaultRun(
    Step step,
    String deed,
    long startNanos,
    long undoneNanos,
    long convergedNanos,
    String skipped,
    String trouble) {

  /** From the end of the cause to everything's being as it should be. */
  public long convergenceNanos() {
    return convergedNanos - undoneNanos;
  }

  boolean overlaps(Incident incident) {
    return incident.startNanos() <= convergedNanos && incident.endNanos() >= startNanos;
  }

  boolean allows(Effect effect) {
    return step.kind().allows(effect) || (step.killed() != 0 && effect == Effect.NOT_ADDED);
  }
}
