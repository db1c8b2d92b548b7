package io.fairlead.bench.chaos.fault;

import java.util.List;

/** Every request fails, and watches are cut so that there are requests. */
final class ApiFailing implements Fault {

  @Override
  public String inject(Target target) {
    int status = target.choose(List.of(500, 503));
    target.cluster().api().faults().failRequests(status).dropWatches();
    return "the API server answers " + status + ", and watches are cut";
  }

  @Override
  public void undo(Target target) {
    target.cluster().api().faults().failRequests(0);
  }
}
