package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/**
 * One thing that goes wrong, once. What of it is random follows from the target's source of random
 * numbers. Not thread-safe.
 */
public interface Fault {

  /**
   * Brings it about, and says in words what was done, such as a command.
   *
   * @throws UnsupportedFault if this machine lacks what it takes
   */
  String inject(Target target) throws IOException, InterruptedException, UnsupportedFault;

  /** Ends the cause, where it lasts; what follows from it is for agents to mend. */
  default void undo(Target target) throws IOException, InterruptedException {}
}
