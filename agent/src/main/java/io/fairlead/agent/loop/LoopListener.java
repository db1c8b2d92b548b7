package io.fairlead.agent.loop;

/** Told of every round that called a subsystem; on the reconciling thread, so it must be quick. */
@FunctionalInterface
public interface LoopListener {

  /**
   * A round has ended.
   *
   * @param dirtyKeys that the changes of this round made dirty
   * @param nanoseconds from taking the changes to the last subsystem's return
   * @param complete whether nothing is left to try again
   */
  void round(int dirtyKeys, long nanoseconds, boolean complete);
}
