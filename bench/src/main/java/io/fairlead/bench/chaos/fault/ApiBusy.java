package io.fairlead.bench.chaos.fault;

/** Every request is put off, and watches are cut so that there are requests. */
final class ApiBusy implements Fault {

  private static final int TOO_MANY_REQUESTS = 429;

  @Override
  public String inject(Target target) {
    target.cluster().api().faults().failRequests(TOO_MANY_REQUESTS).dropWatches();
    return "the API server answers 429, and watches are cut";
  }

  @Override
  public void undo(Target target) {
    target.cluster().api().faults().failRequests(0);
  }
}
