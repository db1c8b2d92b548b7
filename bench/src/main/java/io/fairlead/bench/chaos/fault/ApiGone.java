package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** The API server's process ends and comes back: connections break, new ones are refused. */
final class ApiGone implements Fault {

  @Override
  public String inject(Target target) {
    target.cluster().api().goDown();
    return "the API server goes down";
  }

  @Override
  public void undo(Target target) throws IOException {
    target.cluster().api().comeBack();
  }
}
