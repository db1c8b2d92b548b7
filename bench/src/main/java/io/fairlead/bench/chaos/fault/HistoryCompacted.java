package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.api.ApiFaults.Gone;
import java.io.IOException;
import java.util.List;

/**
 * The API server is away while things change, and has forgotten the changes when it is back; or it
 * forgets and cuts watches that lag behind.
 */
final class HistoryCompacted implements Fault {

  private boolean away;

  @Override
  public String inject(Target target) {
    Gone gone = target.choose(List.of(Gone.values()));
    target.cluster().api().faults().gone(gone);
    away = target.random().nextBoolean();
    if (away) {
      target.cluster().api().goDown();
    } else {
      target.cluster().api().faults().stallWatches(true);
    }
    return (away ? "the API server goes down" : "watches are cut")
        + " and history is gone (410 as "
        + (gone == Gone.STATUS ? "a status" : "an event")
        + ")";
  }

  @Override
  public void undo(Target target) throws IOException {
    target.cluster().api().compact();
    if (away) {
      target.cluster().api().comeBack();
    } else {
      target.cluster().api().faults().stallWatches(false).dropWatches();
    }
  }
}
