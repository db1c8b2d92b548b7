package io.fairlead.bench.chaos.fault;

/** A node's connections to the API server are reset, one generation after the other. */
final class ApiReset implements Fault {

  @Override
  public String inject(Target target) {
    target.cluster().relay(target.node()).reset();
    return "connections of " + target.node().name() + " to the API server are reset";
  }

  @Override
  public void undo(Target target) {
    target.cluster().relay(target.node()).reset();
  }
}
