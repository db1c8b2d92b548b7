package io.fairlead.bench.chaos.fault;

/** Nothing gets from a node to the API server or back, and nobody is told. */
final class ApiSilent implements Fault {

  @Override
  public String inject(Target target) {
    target.cluster().relay(target.node()).hold(true);
    return "nothing passes between " + target.node().name() + " and the API server";
  }

  @Override
  public void undo(Target target) {
    target.cluster().relay(target.node()).hold(false);
  }
}
