package io.fairlead.agent.subsystem;

/**
 * From those that repair links and routes to the one who has to know, who is made later. Used by
 * the reconciling thread once it runs.
 */
public final class RepairSignal {

  private Runnable listener = () -> {};

  /** Has {@code run} called from now on. */
  public void listen(Runnable run) {
    listener = run;
  }

  /** Something is there again that was missing or wrong. */
  void repaired() {
    listener.run();
  }
}
