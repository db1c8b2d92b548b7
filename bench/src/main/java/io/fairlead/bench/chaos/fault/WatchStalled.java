package io.fairlead.bench.chaos.fault;

/** Watches stay open and say nothing; then they go on, or are cut with what they did not say. */
final class WatchStalled implements Fault {

  private boolean cut;

  @Override
  public String inject(Target target) {
    cut = target.random().nextBoolean();
    target.cluster().api().faults().stallWatches(true);
    return "watches say nothing, and " + (cut ? "are cut" : "go on") + " later";
  }

  @Override
  public void undo(Target target) {
    target.cluster().api().faults().stallWatches(false);
    if (cut) {
      target.cluster().api().faults().dropWatches();
    }
  }
}
